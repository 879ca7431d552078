"""`certify bank`: import, export, release, diff and stats on an installation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from certify.cli.main import main
from certify.services.banking import get_item
from certify.services.releasing import list_releases
from question_bank.exchange.formats import write_items
from question_bank.exchange.native import item_to_mapping
from question_bank.item import ItemStatus
from tests.authors import bring
from tests.examined import Examined
from tests.factories import make_item, right_response, wrong_response
from tests.respondents import add_respondents

Run = Callable[..., Result]


@pytest.fixture
def run(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> Run:
    config = examined.installation.config
    monkeypatch.setenv("CERTIFY_DATABASE_URL", config.database_url)

    def run_bank(*arguments: object) -> Result:
        words = ["bank", *map(str, arguments), "--data", str(config.data_dir)]
        return CliRunner().invoke(main, words)

    return run_bank


def body(result: Result) -> Any:
    return json.loads(result.stdout)


def test_an_import_is_tried_and_then_done(run: Run, examined: Examined, tmp_path: Path) -> None:
    file = tmp_path / "items.yaml"
    write_items([make_item("imp-1"), make_item("imp-2")], file, "yaml")
    tried = run("import", file, "--dry-run")
    assert (tried.exit_code, tried.stdout.strip()) == (
        0,
        "2 new and 0 changed items would come over as drafts, 0 are unchanged; 0 problems.",
    )
    done = run("import", file, "--json")
    assert done.exit_code == 0
    assert body(done) == {
        "applied": True,
        "new": ["imp-1", "imp-2"],
        "changed": [],
        "unchanged": [],
        "problems": [],
    }
    assert get_item(examined.context, "imp-1").author == "command line"


def test_problems_are_listed_and_the_rest_comes(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "items.yaml"
    write_items([make_item("imp 1"), make_item("imp-2")], file, "yaml")
    told = run("import", file)
    assert told.exit_code == 1
    assert told.stdout.startswith("warning: items.yaml, item ")
    (problem,) = body(run("import", file, "--json"))["problems"]
    assert (problem["severity"], problem["file"]) == ("warning", "items.yaml")


def test_a_file_of_nothing_is_not_done(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "items.yaml"
    file.write_text("items: [", encoding="utf-8")
    assert run("import", file).exit_code == 2
    assert run("import", tmp_path / "none.yaml").exit_code == 2
    assert run("import", file, "--format", "papyrus").exit_code == 2


def test_tags_are_given_at_the_command_line(run: Run, examined: Examined, tmp_path: Path) -> None:
    file = tmp_path / "items.yaml"
    write_items([make_item("imp-1", node="", dimension="", level="")], file, "yaml")
    assert run("import", file, "--node", "99").exit_code == 2
    assert run("import", file, "--node", "T3", "--level", "elite").exit_code == 0
    item = get_item(examined.context, "imp-1").item
    assert (item.node, item.level) == ("T3", "elite")


def test_an_export_is_imported_unchanged(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "out.yaml"
    exported = run("export", file, "--format", "yaml", "--node", "01", "--json")
    assert exported.exit_code == 0
    again = body(run("import", file, "--json"))
    assert len(again["unchanged"]) == body(exported)["items"] > 0
    assert run("export", file, "--format", "yaml", "--node", "99").exit_code == 2


def test_two_releases_are_compared(run: Run, examined: Examined) -> None:
    context = examined.context
    (first,) = list_releases(context)
    data = {**item_to_mapping(get_item(context, "01-001").item), "takeaway": "新的要点。"}
    bring(context, data, ItemStatus.OPERATIONAL, based_on=1)
    bring(context, {**data, "id": "01-900"}, ItemStatus.OPERATIONAL)
    assert run("release", "--title", "三月").exit_code == 0
    second = list_releases(context)[0]
    told = run("diff", first.digest[:8], second.digest[:8])
    assert told.exit_code == 1
    assert "+ 01-900 v4" in told.stdout
    assert "~ 01-001 v1 -> v5" in told.stdout
    assert "{+" in told.stdout
    assert told.stdout.endswith("1 added, 0 removed, 1 changed.\n")
    as_json = body(run("diff", first.digest, second.digest, "--json"))
    assert as_json["added"] == ["01-900"]
    assert list(as_json["changed"][0]["fields"]) == ["takeaway"]
    same = run("diff", first.digest, first.digest)
    assert (same.exit_code, same.stdout) == (0, "0 added, 0 removed, 0 changed.\n")
    assert run("diff", first.digest, "0" * 8).exit_code == 2


def test_the_bank_is_counted(run: Run, examined: Examined) -> None:
    item = make_item("01-900")
    bring(examined.context, item_to_mapping(replace(item, level="elite")), ItemStatus.DRAFT)
    counts = body(run("stats", "--json"))
    assert counts["items"] == counts["in_use"] + 1
    assert counts["by_status"]["draft"] == 1
    assert sum(counts["by_type"].values()) == sum(counts["by_node"].values()) == counts["items"]
    assert f"{counts['items']} items" in run("stats").stdout


def test_responses_are_told_as_far_as_they_reach(run: Run, examined: Examined) -> None:
    often, seldom = (get_item(examined.context, item_id).item for item_id in ("01-001", "01-002"))
    add_respondents(
        examined.context,
        often,
        30,
        lambda n: (float(n % 5), right_response(often) if n % 2 else wrong_response(often)),
    )
    add_respondents(examined.context, seldom, 2, lambda n: (0.0, right_response(seldom)), first=100)
    told = body(run("stats", "--responses", "--json"))["responses"]
    assert (told["01-001"]["responses"], told["01-001"]["p"]) == (30, 0.5)
    assert told["01-001"]["p_interval"][0] < 0.5 < told["01-001"]["p_interval"][1]
    assert (told["01-001"]["enough"], told["01-001"]["sure"]) == (True, False)
    assert "p" not in told["01-002"]
    lines = run("stats", "--responses").stdout
    assert "01-001: 30 responses (fewer than 100: uncertain), p 0.50 (0.33-0.67)" in lines
    assert "01-002: 2 responses (fewer than 20); shown: " in lines
    assert "responses" not in body(run("stats", "--json"))
