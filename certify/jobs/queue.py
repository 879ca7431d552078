"""The queue that an address names: SQLite by default, Redis or PostgreSQL by configuration."""

from pathlib import Path
from urllib.parse import urlsplit

from huey import Huey, RedisHuey, SqliteHuey

from certify.errors import InvalidSetting

NAME = "certify"


def make_queue(url: str) -> Huey:
    """A queue for `sqlite:///file` or `redis://...`. Raises InvalidSetting for anything else."""
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(NAME, filename=str(path), fsync=True)
    if scheme == "redis":
        return RedisHuey(NAME, url=url)
    raise InvalidSetting(
        name="CERTIFY_QUEUE_URL", expected="sqlite:///FILE or redis://HOST:PORT/N", found=url
    )
