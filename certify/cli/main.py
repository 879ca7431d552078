"""The command `certify` and what all its commands share: one line for whatever went wrong."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from certify.cli.bank import bank
from certify.cli.certificate import certificate
from certify.cli.db import db
from certify.cli.demo import demo
from certify.cli.exam import exam
from certify.cli.grade import grade
from certify.cli.psychometrics.group import psychometrics
from certify.cli.serve import serve, worker
from certify.cli.user import user
from certify.services.problems import PROBLEM_BASES

NOT_DONE = 2


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


for command in (demo, serve, worker, db, user, bank, grade, exam, certificate, psychometrics):
    main.add_command(command)
