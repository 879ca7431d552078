"""Settings of one installation: one frozen value, built once from the environment.

Reads variables that begin with CERTIFY_, and where the person's own files are (HOME,
XDG_CONFIG_HOME); opens no file and no connection.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from certify.errors import InvalidSetting

Environment = Literal["development", "production"]
LogLevel = Literal["INFO", "DEBUG", "WARNING", "ERROR"]
Language = Literal["zh_Hans_CN", "en"]
Choice = TypeVar("Choice", bound=str)
DEFAULT_DATA = Path("var/data")
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Config:
    """`database_url` is an SQLAlchemy URL. Secrets that are empty are made on first run and kept
    in the data directory. `public_url` is where people reach the site; it stands in QR codes.
    `user_trust_dir` holds the issuers that `certify certificate verify` trusts by default."""

    data_dir: Path
    database_url: str
    environment: Environment
    host: str
    port: int
    public_url: str
    language: Language
    time_zone: str
    secret_key: str
    key_passphrase: str
    queue_url: str
    rate_limit_url: str
    trusted_proxies: int
    log_level: LogLevel
    issuer_zh: str
    issuer_en: str
    issuer_is_test: bool
    user_trust_dir: Path

    @property
    def keys_dir(self) -> Path:
        """Private keys, encrypted."""
        return self.data_dir / "keys"

    @property
    def trust_dir(self) -> Path:
        """What verifiers need: public, to be given away."""
        return self.data_dir / "trust"

    @property
    def secrets_dir(self) -> Path:
        """Secrets made on first run."""
        return self.data_dir / "secrets"

    @property
    def cache_dir(self) -> Path:
        """Files that can be made again."""
        return self.data_dir / "cache"


def load_config(environ: Mapping[str, str], data_dir: Path | None = None) -> Config:
    """Read the settings; `data_dir` overrides CERTIFY_DATA. Raises InvalidSetting."""
    read = _Environment(environ)
    data = Path(data_dir or read.text("DATA", str(DEFAULT_DATA))).expanduser().absolute()
    port = read.number("PORT", DEFAULT_PORT, lowest=0, highest=65535)
    host = read.text("HOST", "127.0.0.1")
    return Config(
        data_dir=data,
        database_url=read.text("DATABASE_URL", f"sqlite:///{data / 'certify.sqlite3'}"),
        environment=read.choice("ENVIRONMENT", get_args(Environment)),
        host=host,
        port=port,
        public_url=read.address("PUBLIC_URL", f"http://{host}:{port}"),
        language=read.choice("LANGUAGE", get_args(Language)),
        time_zone=read.time_zone("TIME_ZONE", "Asia/Shanghai"),
        secret_key=read.text("SECRET_KEY", ""),
        key_passphrase=read.text("KEY_PASSPHRASE", ""),
        queue_url=read.text("QUEUE_URL", f"sqlite:///{data / 'queue.sqlite3'}"),
        rate_limit_url=read.text("RATE_LIMIT_URL", "memory://"),
        trusted_proxies=read.number("TRUSTED_PROXIES", 0, lowest=0, highest=8),
        log_level=read.choice("LOG_LEVEL", get_args(LogLevel)),
        issuer_zh=read.text("ISSUER_ZH", "测试认证中心"),
        issuer_en=read.text("ISSUER_EN", "Test Certification Centre"),
        issuer_is_test=read.flag("ISSUER_IS_TEST", default=True),
        user_trust_dir=_user_trust_dir(environ),
    )


def _user_trust_dir(environ: Mapping[str, str]) -> Path:
    """Where this person keeps the issuers to verify against (XDG base directories)."""
    home = Path(environ.get("HOME") or Path.cwd())
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "certify" / "trust"


class _Environment:
    """Typed look-ups of CERTIFY_ variables; an empty variable counts as not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str) -> str:
        return self.environ.get(f"CERTIFY_{name}", "").strip() or default

    def number(self, name: str, default: int, *, lowest: int, highest: int) -> int:
        found = self.text(name, str(default))
        if not found.isascii() or not found.isdigit() or not lowest <= int(found) <= highest:
            raise InvalidSetting(
                name=f"CERTIFY_{name}",
                expected=f"a whole number from {lowest} to {highest}",
                found=found,
            )
        return int(found)

    def choice(self, name: str, allowed: tuple[Choice, ...]) -> Choice:
        """One of the allowed words; the first is the default."""
        found = self.text(name, allowed[0])
        for word in allowed:
            if word == found:
                return word
        raise InvalidSetting(
            name=f"CERTIFY_{name}", expected=f"one of {', '.join(allowed)}", found=found
        )

    def address(self, name: str, default: str) -> str:
        """Where a site is, without a slash at its end."""
        found = self.text(name, default)
        parts = urlsplit(found)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InvalidSetting(
                name=f"CERTIFY_{name}", expected="an address such as https://HOST", found=found
            )
        return found.rstrip("/")

    def time_zone(self, name: str, default: str) -> str:
        """A name of the time zone database."""
        found = self.text(name, default)
        try:
            ZoneInfo(found)
        # OSError: a name such as `Asia` that is a folder of the database
        except (LookupError, ValueError, OSError):
            raise InvalidSetting(
                name=f"CERTIFY_{name}", expected="a time zone such as Asia/Shanghai", found=found
            ) from None
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        found = self.text(name, "yes" if default else "no").lower()
        if found not in ("yes", "no"):
            raise InvalidSetting(name=f"CERTIFY_{name}", expected="yes or no", found=found)
        return found == "yes"
