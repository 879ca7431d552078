"""Whatever the blueprint, a paper that is assembled keeps every line of it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certify.exams.errors import AssemblyFailed, MalformedForm
from certify.exams.fixed_forms.assembly import assemble
from certify.exams.fixed_forms.blueprint import (
    BLOCK,
    Attribute,
    BlockRule,
    CountRule,
    FormBlueprint,
    InformationTarget,
    Unit,
    find_faults,
)
from certify.exams.fixed_forms.candidates import find_candidates, value_of
from certify.exams.fixed_forms.diagnosis import diagnose
from certify.exams.fixed_forms.form import ExamForm, read_form
from certify.exams.fixed_forms.key_letters import LONGEST_RUN
from certify.exams.fixed_forms.laying_out import lay_out
from certify.exams.fixed_forms.measuring import FormReport, report_form
from question_bank.item import Item, ItemType, ItemVersion
from tests.unit.certify.exams.fixed_forms.bank import (
    DIMENSIONS,
    SCALE,
    counts_of,
    in_order,
    make_bank,
    make_blueprint,
)

BANK = make_bank()


def papers(
    blueprint: FormBlueprint, versions: tuple[ItemVersion, ...] = BANK, seed: str = "one"
) -> list[tuple[ExamForm, list[Item], FormReport]]:
    found = assemble(
        blueprint, find_candidates(blueprint, versions), SCALE, seed=seed, seconds=20.0
    )
    laid_out = []
    for letter, chosen in zip("ABCDEFGHIJ", found.forms, strict=False):
        form = lay_out(
            blueprint,
            chosen,
            letter=letter,
            blueprint_id="b",
            blueprint_version=1,
            release_digest="r",
            seed=seed,
        )
        items = in_order(chosen, [entry.item_id for entry in form.items])
        laid_out.append((form, items, report_form(form, blueprint, items, SCALE)))
    return laid_out


def assert_keeps(blueprint: FormBlueprint, form: ExamForm, items: list[Item]) -> None:
    """Every requirement, counted afresh."""
    assert len(items) == len({item.id for item in items}) == blueprint.length
    assert sum(item.expected_seconds for item in items) <= blueprint.limit_seconds
    for rule in blueprint.rules:
        low, high = rule.bounds(blueprint.length)
        assert low <= sum(value_of(i, rule.attribute) == rule.value for i in items) <= high
    blocks = Counter(item.stimulus.id for item in items if item.stimulus)
    assert blueprint.blocks.least <= len(blocks) <= blueprint.blocks.most
    for size in blocks.values():
        assert blueprint.blocks.least_items <= size <= blueprint.blocks.most_items
    ids = {item.id for item in items}
    assert blueprint.required <= ids
    assert not blueprint.excluded & ids
    assert not any(set(item.enemies) & ids for item in items)
    assert {item.level for item in items} <= set(blueprint.levels)
    low_points, high_points = blueprint.points_range()
    assert low_points <= form.total_points <= high_points


def test_a_paper_keeps_its_blueprint_in_sections_that_run_through() -> None:
    blueprint = make_blueprint(
        required=frozenset({"order-002"}), excluded=frozenset({"single-007"})
    )
    ((form, items, report),) = papers(blueprint)
    assert_keeps(blueprint, form, items)
    sections = [entry.section for entry in form.items]
    assert sections == sorted(sections, key=list(blueprint.points).index)
    assert [entry.number for entry in form.items] == list(range(1, 25))
    assert len({entry.stimulus for entry in form.items if entry.section == BLOCK}) == 1
    assert report.longest_run <= LONGEST_RUN
    assert report.seconds == 24 * 40
    assert form.total_points == 35


def test_the_same_seed_gives_the_same_paper_and_another_one_another() -> None:
    ((first, *_),), ((again, *_),), ((other, *_),) = (
        papers(make_blueprint(), seed=seed) for seed in ("one", "one", "two")
    )
    assert first == again
    assert first.digest == again.digest != other.digest


def test_parallel_forms_share_no_item_but_the_required_ones() -> None:
    blueprint = make_blueprint(forms=3, required=frozenset({"numeric-001"}))
    found = papers(blueprint)
    assert [form.letter for form, *_ in found] == ["A", "B", "C"]
    uses = Counter(item.id for _, items, _ in found for item in items)
    assert uses.pop("numeric-001") == 3
    assert set(uses.values()) == {1}
    for form, items, _ in found:
        assert_keeps(blueprint, form, items)


def test_information_follows_the_target() -> None:
    highest = papers(make_blueprint())[0][2].reached
    wanted = tuple(round(value * 0.8, 2) for value in highest)
    aimed = papers(make_blueprint(target=InformationTarget(values=wanted)))[0][2]
    assert aimed.target == wanted
    assert all(abs(r - w) <= 0.06 * w for r, w in zip(aimed.reached, wanted, strict=True))


def test_expected_points_rise_with_the_level() -> None:
    report = papers(make_blueprint())[0][2]
    shares = [result.share for result in report.expected]
    assert [result.level for result in report.expected] == ["novice", "proficient", "elite"]
    assert shares == sorted(shares)
    assert all(0 < share < 1 for share in shares)
    assert report.is_provisional


def test_key_letters_are_balanced_on_a_long_paper() -> None:
    bank = make_bank({ItemType.SINGLE: 60, ItemType.MULTIPLE: 30}, blocks=0)
    blueprint = make_blueprint(
        length=60, rules=counts_of(single=40, multiple=20), blocks=BlockRule(), minutes=90
    )
    for seed in "abcde":
        report = papers(blueprint, bank, seed)[0][2]
        assert all(0.2 <= report.letters[letter] / 40 <= 0.3 for letter in "ABCD")
        assert report.longest_run <= LONGEST_RUN
        assert all(0.45 <= report.multiple_letters[x] / 20 <= 0.75 for x in "ABCDE")


def test_points_of_a_block_are_shared_out_in_half_points() -> None:
    ((form, *_),) = papers(make_blueprint())
    shares = [entry.points for entry in form.items if entry.section == BLOCK]
    assert shares == [Fraction(3, 2), Fraction(3, 2), Fraction(2)]


def test_forms_that_cannot_be_divided_end_in_one_sentence() -> None:
    with pytest.raises(AssemblyFailed, match="Loosen a rule"):
        papers(make_blueprint(forms=4))


def test_a_form_survives_being_stored_and_an_altered_one_is_refused() -> None:
    ((form, *_),) = papers(make_blueprint())
    assert read_form(form.content, form.digest) == form
    with pytest.raises(MalformedForm, match="digest"):
        read_form(form.content.replace(b'"A"', b'"B"'), form.digest)


@st.composite
def blueprints(draw: st.DrawFn) -> FormBlueprint:
    """Papers with rules that may or may not be satisfiable together."""
    length = draw(st.integers(4, 40))
    attributes = {
        Attribute.DIMENSION: DIMENSIONS,
        Attribute.BLOOM: ("remember", "understand", "apply"),
        Attribute.DIFFICULTY: ("easy", "middle", "hard"),
        Attribute.SECTION: ("single", "multiple", "true_false", "match", "block"),
        Attribute.NODE: ("01", "02"),
    }
    places = draw(
        st.lists(
            st.sampled_from([(a, v) for a, values in attributes.items() for v in values]),
            max_size=5,
            unique=True,
        )
    )
    rules = []
    for attribute, value in places:
        unit = draw(st.sampled_from(Unit))
        most = length if unit is Unit.ITEMS else 100
        low = draw(st.integers(0, most // 4))
        high = draw(st.none() | st.integers(most // 3, most))
        rules.append(CountRule(attribute, value, low, high, unit))
    least = draw(st.integers(0, 2))
    ids = draw(st.lists(st.sampled_from([v.item.id for v in BANK[:60]]), max_size=4, unique=True))
    return make_blueprint(
        length=length,
        rules=tuple(rules),
        minutes=draw(st.integers(10, 60)),
        blocks=BlockRule(least, least + 1, draw(st.integers(1, 3)), 3),
        required=frozenset(ids[:2]),
        excluded=frozenset(ids[2:]),
        forms=draw(st.integers(1, 2)),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(blueprints())
def test_an_assembled_paper_always_keeps_its_blueprint(blueprint: FormBlueprint) -> None:
    if find_faults(blueprint):
        return
    diagnosis = diagnose(blueprint, find_candidates(blueprint, BANK))
    if not diagnosis.is_satisfiable:
        assert all(diagnosis.conflicts) or diagnosis.missing
        return
    try:
        found = papers(blueprint)
    except AssemblyFailed:
        # only the division among parallel forms may show as late as here
        assert blueprint.forms > 1
        return
    for form, items, _ in found:
        assert_keeps(blueprint, form, items)
