"""Sentences that scripts may show, translated for the page they run on.

Scripts never hold words of their own: `t("Saved")` looks up this catalogue, which the page
carries as a data block. A test compares it with the calls found in the scripts.
"""

from __future__ import annotations

from flask_babel import gettext

SCRIPT_MESSAGES: tuple[str, ...] = (
    "Saved",
    "Saving…",
    "Not saved yet",
    "Offline: kept on this device",
    "No connection. Go on when it is back; your answers are saved.",
    "No connection. Your answer is kept on this device and will be sent again.",
    "You are signed out. Your answer is kept on this device. Sign in again.",
    "This item was answered in another window. The latest saved answer is shown.",
    "This item was answered in another window. Reload to see the latest answer.",
    "The exam is open in another window, which has taken over.",
    "An answer to an earlier item came too late: that item is closed.",
    "An answer kept on this device was older than the one saved elsewhere, which stays.",
    "The answer could not be saved. Check what you entered.",
    "10 minutes left",
    "5 minutes left",
    "1 minute left",
    "Time is up. Your answers are being handed in.",
    "Show time",
    "Hide time",
    "Time hidden",
    "{written} of {most} characters",
    "{entry}: now in place {place} of {count}",
    "Your input is kept until you save it",
    "Not kept: no connection",
    "No connection. The board is old.",
    "The board is live",
    "Copied",
    "Drop the file here",
    "Nothing chosen yet; a file can be dropped here.",
    "{name}, {size}",
    "{count} chosen",
)


def script_catalogue() -> dict[str, str]:
    """English sentence -> sentence in the language of this request."""
    return {source: gettext(source) for source in SCRIPT_MESSAGES}
