"""The database URL: read, checked and shown without its password. Opens nothing."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from certify.errors import InvalidSetting

SETTING = "CERTIFY_DATABASE_URL"
EXPECTED = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
SQLITE = "sqlite+pysqlite"
POSTGRESQL = "postgresql+psycopg"
DRIVER_OF = {
    "sqlite": SQLITE,
    SQLITE: SQLITE,
    "postgresql": POSTGRESQL,
    "postgres": POSTGRESQL,
    POSTGRESQL: POSTGRESQL,
}
HIDDEN = "***"


def parse_address(address: str) -> URL:
    """The URL with the driver we use. Raises InvalidSetting.

    A database in memory is refused: each connection would see another one.
    """
    try:
        url = make_url(address.strip())
    except (ArgumentError, ValueError):
        raise _invalid(_mask_unparsed(address)) from None
    driver = DRIVER_OF.get(url.drivername)
    if driver is None:
        raise _invalid(masked(url))
    in_memory = url.database in (None, "", ":memory:")
    if driver == SQLITE and (in_memory or url.query or url.host):
        raise _invalid(masked(url))
    return url.set(drivername=driver)


def masked(url: URL) -> str:
    """The URL as it may be shown and logged."""
    if "password" in url.query:
        url = url.update_query_dict({"password": HIDDEN})
    return url.render_as_string(hide_password=True)


def without_password(url: URL, message: str) -> str:
    """A driver's message on one line; what it repeats of the password is hidden."""
    line = " ".join(message.split())
    for secret in (url.password, url.query.get("password")):
        if secret and isinstance(secret, str):
            line = line.replace(secret, HIDDEN)
    return line


def _mask_unparsed(address: str) -> str:
    """No more than the scheme: where the password stands is not known."""
    scheme, separator, _ = address.strip().partition("://")
    if separator:
        return f"{scheme}://{HIDDEN}"
    return HIDDEN if "@" in address else scheme


def _invalid(found: str) -> InvalidSetting:
    return InvalidSetting(name=SETTING, expected=EXPECTED, found=found)
