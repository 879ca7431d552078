"""Every place of the curriculum names nodes of the skill model, each node once."""

from collections import Counter

from question_bank.curriculum import load_curriculum
from question_bank.skills import LEVELS, load_skill_model
from tests.factories import make_item

CURRICULUM = load_curriculum()
MODEL = load_skill_model()


def test_places_name_nodes_that_are_asked_there() -> None:
    for area in CURRICULUM.work_areas.values():
        assert area.level in LEVELS
        assert all(area.level in MODEL.nodes[node].levels for node in area.nodes)
    for chapter in CURRICULUM.chapters.values():
        assert chapter.nodes <= MODEL.nodes.keys()


def test_a_node_has_one_place_in_each_list() -> None:
    by_level = Counter((a.level, n) for a in CURRICULUM.work_areas.values() for n in a.nodes)
    by_chapter = Counter(n for c in CURRICULUM.chapters.values() for n in c.nodes)
    assert set(by_level.values()) == set(by_chapter.values()) == {1}


def test_the_plan_as_published() -> None:
    """Seven work areas; eight courses of 4+3+4+4+4+4+3+2 chapters."""
    assert len(CURRICULUM.work_areas) == 7
    chapters = Counter(code.partition(".")[0] for code in CURRICULUM.chapters)
    assert list(chapters.values()) == [4, 3, 4, 4, 4, 4, 3, 2]


def test_an_items_own_tags_stay() -> None:
    tagged = CURRICULUM.tagged(make_item())
    assert (tagged.work_area, tagged.chapter) == ("P-D", "01.2")
    assert CURRICULUM.tagged(make_item(work_area="M-O", chapter="03.1")).work_area == "M-O"
