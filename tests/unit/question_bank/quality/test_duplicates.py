"""Near-duplicates are found without comparing every pair, and none is missed."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from question_bank.quality.duplicates import audit_duplicates, n_grams, similar_pairs
from tests.factories import make_item

STEM = "某款电热水壶在德国站的点击率由百分之二上升到百分之三，上升了多少？"


def test_an_item_written_twice() -> None:
    items = [make_item("01-001", stem=STEM), make_item("01-002", stem=f"{STEM} ")]
    found = list(audit_duplicates(items))
    assert [(one.severity, one.item, one.params["other"]) for one in found] == [
        ("severe", "01-002", "01-001")
    ]


def test_the_same_stem_with_another_key_is_advice_and_none_for_enemies() -> None:
    first = make_item("01-001", stem=STEM)
    other = make_item("01-002", "numeric", stem=STEM)
    assert [one.severity for one in audit_duplicates([first, other])] == ["minor"]
    enemies = make_item("01-001", stem=STEM, enemies=("01-002",))
    assert list(audit_duplicates([enemies, other])) == []


def test_punctuation_width_and_case_do_not_matter() -> None:
    assert n_grams("FOB 宁波，多少？") == n_grams("ＦＯＢ宁波多少")


@given(
    texts=st.lists(st.text("甲乙丙丁", min_size=3, max_size=12), min_size=2, max_size=12),
    percent=st.sampled_from([50, 70, 85, 100]),
)
def test_the_same_pairs_as_comparing_all(texts: list[str], percent: int) -> None:
    sets = [n_grams(text) for text in texts]
    threshold = Fraction(percent, 100)
    expected = {
        (first, second)
        for second in range(len(sets))
        for first in range(second)
        if Fraction(len(sets[first] & sets[second]), len(sets[first] | sets[second])) >= threshold
    }
    assert {(first, second) for first, second, _ in similar_pairs(sets, threshold)} == expected
