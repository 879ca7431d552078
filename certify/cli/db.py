"""`certify db`: the database schema."""

from pathlib import Path

import click

from certify.cli.options import data_option, open_installation


@click.group()
def db() -> None:
    """Create and upgrade the database."""


@db.command("upgrade")
@data_option
def upgrade(data_dir: Path | None) -> None:
    """Bring the database to this version's schema, load the shipped bank, make missing keys.

    Running it again changes nothing.

    \b
    Example:
      CERTIFY_DATABASE_URL=postgresql://user@host/certify certify db upgrade
    """
    added, published = open_installation(data_dir).prepare()
    click.echo(f"Database is up to date; {added} shipped items added.")
    if published:
        click.echo("First bank release published.")
