"""Answers of Canvas's blanks: a label says how what was typed is compared with it."""

import re
from collections.abc import Callable

from question_bank.exchange.questestinterop import problem_kinds as kinds
from question_bank.exchange.questestinterop.responses import Label
from question_bank.qti.rule_nodes import constant, operator, variable
from question_bank.qti.tree import Node

LONGEST_NEAR = 24
"""Letters of a text whose neighbours are still listed."""
_SPECIAL = re.compile(r"[\\\[\]^-]")


def fits_label(name: str, label: Label, say: Callable[..., None]) -> Node:
    """The condition that what was typed into a blank is accepted by a label."""
    match label.node.get("scoring_algorithm").strip():
        case "TextContainsAnswer":
            part = constant("string", label.text)
            return operator("substring", part, variable(name), case_sensitive="false")
        case "TextRegex":
            say(kinds.PATTERN, pattern=label.text)
            return operator("pattern-match", variable(name), pattern=schema_pattern(label.text))
        case "TextCloseEnough":
            return _near(name, label, say)
    sensitive = label.node.get("ignore_case").strip().lower() == "false"
    return _same(name, label.text, sensitive)


def _same(name: str, text: str, sensitive: bool) -> Node:
    held = "true" if sensitive else "false"
    return operator("string-match", variable(name), constant("string", text), case_sensitive=held)


def _near(name: str, label: Label, say: Callable[..., None]) -> Node:
    """One letter wrong, missing or too many, as a pattern; farther away cannot be said."""
    distance = label.node.get("levenshtein_distance").strip()
    sensitive = label.node.get("ignore_case").strip().lower() == "false"
    if distance == "1" and len(label.text) <= LONGEST_NEAR:
        return operator(
            "pattern-match", variable(name), pattern=near_pattern(label.text, sensitive)
        )
    if distance not in ("", "0"):
        say(kinds.NEAR_ENOUGH, distance=distance)
    return _same(name, label.text, sensitive)


def near_pattern(text: str, sensitive: bool) -> str:
    """All texts at most one letter away."""
    letters = [_letter(sign, sensitive) for sign in text]
    ways = ["".join(letters)]
    for at in range(len(letters)):
        before, after = "".join(letters[:at]), "".join(letters[at + 1 :])
        ways += [f"{before}.?{after}", f"{before}.{letters[at]}{after}"]
    ways.append(f"{''.join(letters)}.")
    return "|".join(ways)


def _letter(sign: str, sensitive: bool) -> str:
    signs = sign if sensitive else "".join(dict.fromkeys((sign.lower(), sign.upper(), sign)))
    return "[" + _SPECIAL.sub(r"\\\g<0>", signs) + "]"


def schema_pattern(pattern: str) -> str:
    """A pattern that is searched for, as one that must fit the whole text."""
    start = "" if pattern.startswith("^") else r"[\s\S]*"
    end = "" if pattern.endswith("$") and not pattern.endswith(r"\$") else r"[\s\S]*"
    inner = pattern.removeprefix("^")
    return f"{start}({inner if end else inner[:-1]}){end}"
