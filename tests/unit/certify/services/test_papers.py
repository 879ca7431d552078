"""From a blueprint to printed papers: kept, refused with reasons, and graded with their own key."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from certify.cli.grade import grade
from certify.errors import BlueprintChanged, NotFound, NotPermitted, ReleasePrinted
from certify.exams.errors import FieldOutOfRange, PaperNotPossible
from certify.exams.fixed_forms.blueprint import Attribute, CountRule, FormBlueprint
from certify.exams.fixed_forms.key_table import key_lines
from certify.services.assembling_papers import assemble_papers, get_form, list_forms, view_form
from certify.services.context import ServiceContext
from certify.services.planning_papers import (
    PaperBlueprint,
    check_blueprint,
    get_blueprint,
    list_blueprints,
    list_default_blueprints,
    save_blueprint,
)
from certify.services.printing_papers import PAPER_FILES, print_file
from certify.services.releasing import delete_release
from tests.authors import MANAGER, STUDENT, WRITER
from tests.examined import NOW, Examined
from tests.fakes import FakeClock, context_at, make_installation


def short_blueprint(**changes: object) -> FormBlueprint:
    """A paper of ten single-choice and four multiple-choice items that any bank has."""
    blueprint = list_default_blueprints()["proficient"]
    counts = {"single": 10, "multiple": 4, "true_false": 0, "block": 0}
    rules = tuple(CountRule(Attribute.SECTION, name, n, n) for name, n in counts.items())
    plain = replace(blueprint, title="小测", length=14, rules=rules)
    values = {"blocks": replace(blueprint.blocks, least=0, most=0), **changes}
    return replace(plain, **values)  # type: ignore[arg-type]


def kept(context: ServiceContext, **changes: object) -> PaperBlueprint:
    return save_blueprint(context, short_blueprint(**changes), actor=WRITER)


def test_every_change_of_a_blueprint_is_a_version(examined: Examined) -> None:
    first = kept(examined.context)
    longer = replace(first.blueprint, minutes=100)
    second = save_blueprint(
        examined.context, longer, blueprint_id=first.id, based_on=1, actor=WRITER
    )
    assert get_blueprint(examined.context, first.id) == second
    assert get_blueprint(examined.context, first.id, 1) == first
    assert list_blueprints(examined.context).rows == (second,)


def test_two_who_edit_a_blueprint_do_not_overwrite_each_other(examined: Examined) -> None:
    first = kept(examined.context)
    for based_on in (0, 2):
        with pytest.raises(BlueprintChanged):
            save_blueprint(
                examined.context,
                first.blueprint,
                blueprint_id=first.id,
                based_on=based_on,
                actor=WRITER,
            )


def test_a_blueprint_with_a_fault_is_not_kept(examined: Examined) -> None:
    with pytest.raises(FieldOutOfRange):
        kept(examined.context, minutes=0)
    assert list_blueprints(examined.context).total == 0


def test_only_teachers_make_papers(examined: Examined) -> None:
    with pytest.raises(NotPermitted):
        save_blueprint(examined.context, short_blueprint(), actor=STUDENT)
    blueprint = kept(examined.context)
    with pytest.raises(NotPermitted):
        assemble_papers(examined.context, blueprint.id, actor=STUDENT)
    (form,) = assemble_papers(examined.context, blueprint.id, actor=WRITER)
    with pytest.raises(NotPermitted):
        print_file(examined.context, form.digest, "key", actor=STUDENT)


def test_what_is_unknown_is_not_found(examined: Examined) -> None:
    context = examined.context
    for call in (
        lambda: get_blueprint(context, "none"),
        lambda: get_form(context, "none"),
        lambda: view_form(context, "none"),
        lambda: assemble_papers(context, "none", actor=WRITER),
        lambda: save_blueprint(
            context, short_blueprint(), blueprint_id="none", based_on=0, actor=WRITER
        ),
    ):
        with pytest.raises(NotFound):
            call()
    (form,) = assemble_papers(context, kept(context).id, actor=WRITER)
    with pytest.raises(NotFound):
        print_file(context, form.digest, "photograph", actor=WRITER)


def test_the_bank_is_judged_at_once_and_a_paper_it_lacks_is_refused(examined: Examined) -> None:
    wanted = CountRule(Attribute.NODE, "01", 9_999)
    check = check_blueprint(examined.context, short_blueprint())
    assert check.is_satisfiable
    # also of types that the paper does not have yet
    assert check.sections["numeric"] > 0
    faulty = check_blueprint(examined.context, short_blueprint(rules=(wanted,)))
    assert faulty.faults
    assert faulty.diagnosis is None
    impossible = short_blueprint(minutes=5)
    lacking = check_blueprint(examined.context, impossible)
    assert lacking.diagnosis is not None
    assert lacking.diagnosis.conflicts
    blueprint = save_blueprint(examined.context, impossible, actor=WRITER)
    with pytest.raises(PaperNotPossible):
        assemble_papers(examined.context, blueprint.id, actor=WRITER)


def test_parallel_papers_are_assembled_kept_and_measured(prepared_url: str, tmp_path: Path) -> None:
    installation = make_installation(tmp_path, prepared_url)
    context = context_at(installation, FakeClock(NOW))
    steps: list[str] = []
    stored = assemble_papers(
        context,
        kept(context, forms=2).id,
        actor=WRITER,
        seed="fest",
        progress=lambda step, done, total: steps.append(step),
    )
    assert [form.letter for form in stored] == ["A", "B"]
    assert steps == ["Checking", "Assembling", "Laying out"]
    assert list_forms(context).rows == stored
    views = [view_form(context, form.digest) for form in stored]
    first, second = ({item.id for item in view.items} for view in views)
    assert not first & second
    for view in views:
        assert view.form.digest == view.stored.digest
        assert view.report.seconds <= view.report.limit_seconds
        assert len(view.items) == 14
        assert [i.id for i in view.items] == [entry.item_id for entry in view.form.items]
    with pytest.raises(ReleasePrinted):
        delete_release(context, stored[0].release_digest, actor=MANAGER)
    installation.database.close()


def test_the_same_seed_gives_the_same_form_once(examined: Examined) -> None:
    blueprint = kept(examined.context)
    for _ in range(2):
        assemble_papers(examined.context, blueprint.id, actor=WRITER, seed="eins")
    assert list_forms(examined.context).total == 1


def test_a_paper_is_graded_at_the_command_line_with_its_own_key(
    examined: Examined, tmp_path: Path
) -> None:
    (stored,) = assemble_papers(examined.context, kept(examined.context).id, actor=WRITER)
    view = view_form(examined.context, stored.digest)
    key = print_file(examined.context, stored.digest, "key-table", actor=WRITER)
    lines = list(key_lines(view.form, view.items))
    rows = (
        ["学号", *(line.question for line in lines)],
        ["1001", *(line.answer for line in lines)],
        ["1002", *("" for _ in lines)],
    )
    answers = tmp_path / "answers.csv"
    answers.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    (tmp_path / key.name).write_bytes(key.content)
    arguments = [str(answers), "--key", str(tmp_path / key.name), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(grade, arguments)
    assert result.exit_code == 0, result.output
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        totals = {
            row["candidate_id"]: Fraction(row["total_points"]) for row in csv.DictReader(file)
        }
    assert totals == {"1001": view.form.total_points, "1002": Fraction(0)}


def test_every_file_of_a_form_can_be_printed_and_keys_leave_a_trace(examined: Examined) -> None:
    context = examined.context
    (stored,) = assemble_papers(context, kept(context).id, actor=WRITER)
    files = {kind: print_file(context, stored.digest, kind, actor=WRITER) for kind in PAPER_FILES}
    for kind in ("paper", "answer-sheet", "key"):
        assert files[kind].content.startswith(b"%PDF-")
        assert files[kind].name.endswith(f"-A-{kind}.pdf")
    assert json.loads(files["sheet-layout"].content)["form"] == stored.digest
    with context.database.reading() as work:
        events = work.audit.page(number=1, size=20, about=[stored.digest])
    assert sorted(e.detail for e in events.rows if e.action == "form.print_key") == [
        "key",
        "key-table",
    ]
