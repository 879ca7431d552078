"""The command `certify` and what all its commands share: the data directory and foreseen errors."""

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

USAGE = 2


class CertifyGroup(click.Group):
    """Shows every foreseen error as one line on stderr, exit status 2, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except PROBLEM_BASES as error:
            click.echo(f"certify: {error}", err=True)
            ctx.exit(USAGE)


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
