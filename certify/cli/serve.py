"""`certify serve` and `certify worker`: the embedded server and the job consumer."""

from pathlib import Path

import click
import waitress

from certify.bootstrap import Installation
from certify.cli.options import data_option, open_installation
from certify.errors import PortInUse

THREADS = 8
CONNECTIONS = 8000
"""Browsers keep theirs open; waitress stops at 100 and lets the others wait."""
BACKLOG = 2048
OTHER_FILES = 200
"""Database, log and code."""


def make_server(installation: Installation, host: str, port: int) -> waitress.server.BaseWSGIServer:
    """A server bound to the address; port 0 takes a free one. Raises PortInUse."""
    application = installation.web_application
    try:
        return waitress.create_server(
            application,
            host=host,
            port=port,
            threads=THREADS,
            ident="",
            connection_limit=_allowed_connections(),
            backlog=BACKLOG,
            # select() knows no file beyond the 1,024th
            asyncore_use_poll=True,
        )
    except OSError as error:
        raise PortInUse(host=host, port=port, reason=error.strerror or str(error)) from error
    except ValueError as error:  # waitress, where a host name leads nowhere
        raise PortInUse(host=host, port=port, reason="no such host") from error


def _allowed_connections() -> int:
    """How many connections may be open: as many as the system lets this process have files."""
    try:
        import resource
    except ModuleNotFoundError:  # not on Windows
        return CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = CONNECTIONS + OTHER_FILES
    wanted = most if hard == resource.RLIM_INFINITY else min(hard, most)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(wanted - OTHER_FILES, OTHER_FILES)


@click.command()
@click.option("--host", help="Address to listen on (default: CERTIFY_HOST, else 127.0.0.1).")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port (default: CERTIFY_PORT, else 8000)."
)
@data_option
def serve(host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Serve all rooms from one process, with background jobs inside it.

    The database is created or upgraded first. For production see docs/operations.md.

    \b
    Example:
      certify serve --data var/demo --port 8080
    """
    settings = {"host": host, "port": None if port is None else str(port)}
    given = {name: value for name, value in settings.items() if value}
    installation = open_installation(data_dir, **given)
    config = installation.config
    installation.prepare()
    server = make_server(installation, config.host, config.port)
    consumer = installation.start_embedded_worker()
    click.echo(f"Serving on http://{config.host}:{server.effective_port} (data: {config.data_dir})")
    click.echo("Stop with Ctrl+C.")
    try:
        server.run()
    finally:
        consumer.stop()


@click.command()
@data_option
def worker(data_dir: Path | None) -> None:
    """Run background jobs in a process of their own, beside production web processes.

    \b
    Example:
      CERTIFY_QUEUE_URL=redis://127.0.0.1:6379/0 certify worker
    """
    queue = open_installation(data_dir).queue
    click.echo("Worker is running. Stop with Ctrl+C.")
    queue.create_consumer(workers=1, periodic=True).run()
