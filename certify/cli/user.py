"""`certify user`: accounts."""

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
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when it is not given.",
)
@data_option
def add(
    username: str,
    display_name: str,
    roles: tuple[str, ...],
    experience_months: int,
    password: str,
    data_dir: Path | None,
) -> None:
    """Create the account USERNAME.

    \b
    Example:
      certify user add wang --name 王芳 --role teacher --role centre
    """
    person = add_person(
        open_installation(data_dir).context,
        username=username,
        display_name=display_name,
        password=password,
        roles=roles,
        experience_months=experience_months,
        actor="command line",
    )
    click.echo(f"Created {person.username} ({', '.join(sorted(person.roles))}).")
