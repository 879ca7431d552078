"""`certify bank stats`: what the bank holds, and what responses show about its items."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from certify.cli.options import data_option, json_option, open_installation
from certify.services.banking import BankCounts, count_bank
from certify.services.item_statistics import (
    FEWEST_RESPONSES,
    MOST_ATTEMPTS,
    SURE_RESPONSES,
    ObservedItem,
    observe_bank,
)


@click.command("stats")
@click.option(
    "--responses", "with_responses", is_flag=True, help="Add what responses show about each item."
)
@data_option
@json_option
def stats(with_responses: bool, data_dir: Path | None, as_json: bool) -> None:
    """Count the items of the bank by status, node, dimension, level and type.

    With --responses also, for each item in use that somebody met: share of right first responses
    with its 95 % interval, correlation of a right response with the ability of the attempt,
    options, exposure by level and drift. Figures from fewer than 20 responses are left out; below
    100 they are marked.

    \b
    Examples:
      certify bank stats --json
      certify bank stats --responses --data var/demo
    """
    context = open_installation(data_dir).context
    counts = count_bank(context)
    observed = observe_bank(context) if with_responses else None
    tables = _tables(counts)
    if as_json:
        body: dict[str, Any] = {"items": counts.items, "in_use": counts.in_use, **tables}
        if observed is not None:
            body["responses"] = {item_id: _body(one) for item_id, one in observed.items()}
        click.echo(json.dumps(body, ensure_ascii=False))
        return
    click.echo(f"{counts.items} items, {counts.in_use} of them in the next release.")
    for name, table in tables.items():
        told = ", ".join(f"{value or 'none'} {count}" for value, count in table.items())
        click.echo(f"{name.removeprefix('by_')}: {told}")
    if observed is not None:
        _tell_responses(observed)


def _tables(counts: BankCounts) -> dict[str, dict[str, int]]:
    return {
        "by_status": dict(counts.by_status),
        "by_node": dict(counts.by_node),
        "by_dimension": dict(counts.by_dimension),
        "by_level": dict(counts.by_level),
        "by_type": dict(counts.by_type),
    }


def _tell_responses(observed: Mapping[str, ObservedItem]) -> None:
    click.echo(
        f"{len(observed)} items were met in the last {MOST_ATTEMPTS} attempts; first responses:"
    )
    for item_id, one in observed.items():
        click.echo(f"{item_id}: {_line(one)}")


def _line(one: ObservedItem) -> str:
    exposure = ", ".join(f"{part.level} {part.share:.0%}" for part in one.exposure)
    if not one.is_enough:
        return f"{one.responses} responses (fewer than {FEWEST_RESPONSES}); shown: {exposure}"
    correlation = "none" if one.correlation is None else f"{one.correlation:.2f}"
    doubt = "" if one.is_sure else f" (fewer than {SURE_RESPONSES}: uncertain)"
    return (
        f"{one.responses} responses{doubt}, p {one.p:.2f} ({one.p_low:.2f}-{one.p_high:.2f}), "
        f"correlation {correlation}; shown: {exposure}"
    )


def _body(one: ObservedItem) -> dict[str, Any]:
    body: dict[str, Any] = {
        "responses": one.responses,
        "former": one.former,
        "shown": one.shown,
        "attempts": one.attempts,
        "exposure": {part.level: part.share for part in one.exposure},
        "enough": one.is_enough,
        "sure": one.is_sure,
    }
    if not one.is_enough:
        return body
    return {
        **body,
        "p": one.p,
        "p_interval": [one.p_low, one.p_high],
        "correlation": one.correlation,
        "drift_z": one.drift,
        "groups": [
            {"theta": group.theta, "persons": group.persons, "right": group.right}
            for group in one.groups
        ],
        "answers": [
            {
                "answer": answer.answer,
                "right": answer.is_right,
                "count": answer.count,
                "share": answer.share,
                "correlation": answer.correlation,
                "group_shares": list(answer.group_shares),
            }
            for answer in one.answers
        ],
    }
