"""What the web room must be told before it can start.

One frozen dataclass, checked when it is built. It does not read the environment:
`certify.config` does that and the bootstrap passes the result in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from certify.web.errors import SecretKeyTooShort, UnknownLanguage, UnknownTimeZone

Environment = Literal["development", "production", "test"]

LANGUAGES: tuple[str, ...] = ("zh_Hans_CN", "en")
MINIMUM_SECRET_LENGTH = 32


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of one web process.

    `trusted_proxy_count` is the number of reverse proxies in front whose
    X-Forwarded-* headers may be believed; 0 means none.
    """

    secret_key: str
    environment: Environment = "production"
    language: str = "zh_Hans_CN"
    time_zone: str = "Asia/Shanghai"
    rate_limit_storage_url: str = "memory://"
    max_upload_bytes: int = 52 * 1024 * 1024
    trusted_proxy_count: int = 0

    def __post_init__(self) -> None:
        if self.environment == "production" and len(self.secret_key) < MINIMUM_SECRET_LENGTH:
            raise SecretKeyTooShort(found=len(self.secret_key), expected=MINIMUM_SECRET_LENGTH)
        if self.language not in LANGUAGES:
            raise UnknownLanguage(found=self.language, expected=", ".join(LANGUAGES))
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise UnknownTimeZone(found=self.time_zone) from error
