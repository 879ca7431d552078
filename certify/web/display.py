"""How dates, durations and numbers are written; available in templates as filters.

Times come in as aware datetimes and are shown in the exam's zone. Nothing here reads the
clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, current_app
from flask_babel import get_locale, ngettext
from markupsafe import Markup

from certify.web.errors import NaiveDateTime
from certify.web.i18n import current_language
from certify.web.vocabulary import dimension_name, level_name, role_name

DATE_PATTERNS = {"zh": "y年M月d日", "en": "d MMMM y"}
DATE_TIME_PATTERNS = {"zh": "y年M月d日 HH:mm", "en": "d MMMM y, HH:mm"}


def init_app(app: Flask) -> None:
    app.add_template_filter(moment)
    app.add_template_filter(day)
    app.add_template_filter(time_tag)
    app.add_template_filter(duration)
    app.add_template_filter(clock)
    app.add_template_filter(number)
    app.add_template_filter(percent)
    app.add_template_filter(localised)
    app.add_template_filter(in_groups)
    app.add_template_filter(dimension_name)
    app.add_template_filter(level_name)
    app.add_template_filter(role_name)


def moment(instant: datetime, zone: str | None = None) -> str:
    """2026年11月20日 14:30, in the given zone or the configured one."""
    local = in_zone(instant, zone)
    pattern = DATE_TIME_PATTERNS[current_language()]
    return format_datetime(local, pattern, tzinfo=local.tzinfo, locale=get_locale())


def day(instant: datetime | date, zone: str | None = None) -> str:
    """2026年11月20日; a plain date is written as it stands."""
    shown = in_zone(instant, zone).date() if isinstance(instant, datetime) else instant
    return format_date(shown, DATE_PATTERNS[current_language()], locale=get_locale())


def time_tag(instant: datetime, zone: str | None = None) -> Markup:
    """A <time> element: readable text outside, the exact instant inside."""
    exact = in_zone(instant, "UTC").isoformat(timespec="seconds")
    return Markup('<time datetime="{}">{}</time>').format(exact, moment(instant, zone))


def in_zone(instant: datetime, zone: str | None) -> datetime:
    if instant.tzinfo is None:
        raise NaiveDateTime(found=instant.isoformat())
    if zone == "UTC":
        return instant.astimezone(UTC)
    configured = current_app.extensions["certify_web_settings"].time_zone
    return instant.astimezone(ZoneInfo(zone or configured))


def duration(seconds: float) -> str:
    """1 小时 30 分钟; below one minute in seconds."""
    whole = max(0, int(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    parts = []
    if hours:
        parts.append(ngettext("%(num)s hour", "%(num)s hours", hours))
    if minutes:
        parts.append(ngettext("%(num)s minute", "%(num)s minutes", minutes))
    if not parts:
        parts.append(ngettext("%(num)s second", "%(num)s seconds", whole))
    return ("" if current_language() == "zh" else " ").join(parts)


def clock(seconds: float) -> str:
    """Remaining time as 1:05:09 or 05:09; a started second is shown until it is over."""
    whole = max(0, -int(-seconds // 1))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


def number(value: int | float | Decimal, decimals: int | None = None) -> str:
    """A number with the language's separators; `decimals` fixes the places."""
    pattern = "#,##0.###" if decimals is None else "#,##0" + ("." + "0" * decimals) * bool(decimals)
    text = format_decimal(value, format=pattern, locale=get_locale())
    return text.replace("-", "\N{MINUS SIGN}")


def percent(probability: float) -> str:
    """A probability as whole percent that never claims certainty it does not have."""
    if 0 < probability < 0.01:
        return "<1%"
    if 0.99 < probability < 1:
        return ">99%"
    return f"{round(100 * probability)}%"


def localised(record: object, field: str) -> str:
    """The field in the language of the page, where data holds `field_zh` and `field_en`."""
    return str(getattr(record, f"{field}_{current_language()}"))


def in_groups(identifier: str) -> str:
    """An identifier in groups of four, for the eye: XXXX-XXXX-XXXX-XXXX-XXXX."""
    return "-".join(identifier[start : start + 4] for start in range(0, len(identifier), 4))
