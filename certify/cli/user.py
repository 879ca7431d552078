"""`certify user`: accounts."""

import sys
from pathlib import Path

import click

from certify.cli.options import data_option, open_installation
from certify.services.administering import add_person
from certify.services.ports import ROLES


@click.group()
def user() -> None:
    """Create accounts."""


@user.command("add")
@click.argument("username")
@click.option("--name", "display_name", required=True, help="Name as it stands on certificates.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help="May be given more than once.",
)
@click.option("--experience-months", default=0, show_default=True, help="Declared work experience.")
@click.option("--password", help="Asked for when it is not given.")
@data_option
def add(
    username: str,
    display_name: str,
    roles: tuple[str, ...],
    experience_months: int,
    password: str | None,
    data_dir: Path | None,
) -> None:
    """Create the account USERNAME.

    \b
    Example:
      certify user add wang --name 王芳 --role teacher --role centre
    """
    context = open_installation(data_dir).context
    person = add_person(
        context,
        username=username,
        display_name=display_name,
        password=ask_password() if password is None else password,
        roles=roles,
        experience_months=experience_months,
        actor="command line",
    )
    click.echo(f"Created {person.username} ({', '.join(sorted(person.roles))}).")


def ask_password() -> str:
    """The password as typed twice at the terminal, unseen."""
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for the password: add --password.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
