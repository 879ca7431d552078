"""The command `certify` and what all its commands share: one line for whatever went wrong."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from certify.services.problems import PROBLEM_BASES

NOT_DONE = 2
COMMANDS = {
    "bank": "certify.cli.bank",
    "certificate": "certify.cli.certificate",
    "db": "certify.cli.db",
    "demo": "certify.cli.demo",
    "exam": "certify.cli.exam",
    "grade": "certify.cli.grade",
    "psychometrics": "certify.cli.psychometrics.group",
    "serve": "certify.cli.serve",
    "user": "certify.cli.user",
    "worker": "certify.cli.serve",
}
"""Where each command stands: it is loaded when it is called, and what the others need is not."""


class CertifyGroup(click.Group):
    """Shows every foreseen error as one line on stderr, exit status 2, without a traceback."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the program; a wrong command line is answered like every other foreseen error."""
        try:
            status = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            status = NOT_DONE
        except click.ClickException as error:
            if not standalone_mode:
                raise
            click.echo(one_line(error), err=True)
            status = NOT_DONE
        except click.Abort:
            if not standalone_mode:
                raise
            click.echo("certify: stopped before the end; nothing was finished.", err=True)
            status = NOT_DONE
        if not standalone_mode:
            return status
        sys.exit(status if isinstance(status, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, none of them loaded."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except PROBLEM_BASES as error:
            click.echo(f"certify: {error}", err=True)
            ctx.exit(NOT_DONE)


def one_line(error: click.ClickException) -> str:
    """What is wrong with a command line, and which help says what is right."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "certify"
    message = " ".join(error.format_message().split())
    return f"certify: {message} See `{command} --help`."


@click.group(cls=CertifyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="certify")
def main() -> None:
    """Assessment and certification for cross-border e-commerce skills.

    \b
    First steps:
      certify demo                 see the whole main job run once
      certify serve                open the rooms in a browser
      certify grade ANSWERS --key KEY --out DIR

    \b
    Exit status of every command: 0 done, 1 done but with findings, 2 not done.
    Settings come from CERTIFY_ environment variables (docs/configuration.md).
    """
