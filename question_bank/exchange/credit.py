"""Credit per option as shares of the points (GIFT's and Moodle's way) <-> our scoring rules.

Moodle adds the shares of the chosen options and keeps the sum between 0 and 1. Its shares are
percentages of a fixed list, so that 33.33333 means a third.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from question_bank.answer_key import Blank, BlanksKey, ChoiceKey, MatchKey
from question_bank.item import Item, ItemType
from question_bank.scoring import Scoring, ScoringRule

LARGEST_DENOMINATOR = 20
NEAR = Fraction(1, 100_000)
ONE = Fraction(1)


def share_of_percent(percent: Fraction) -> Fraction:
    """A percentage as a share; 33.33333 is a third, as rounded decimals are meant."""
    share = percent / 100
    plain = share.limit_denominator(LARGEST_DENOMINATOR)
    return plain if abs(plain - share) < NEAR else share


def percent_of_share(share: Fraction) -> str:
    """A share as a percentage with at most five decimals: 100, 50, 33.33333."""
    return f"{float(share * 100):.5f}".rstrip("0").rstrip(".")


def keyed_by_shares(
    shares: Mapping[str, Fraction], *, single: bool, points: Fraction = ONE
) -> tuple[ChoiceKey | None, Scoring]:
    """Key and rule of a choice from the share of each option; no key where nothing earns points.

    Of a single choice with more than one rewarded option the best is the key, and the rule is a
    mapping. Of a multiple choice the rewarded options are the key.
    """
    rewarded = {option for option, share in shares.items() if share > 0}
    if not rewarded:
        return None, Scoring(max_points=points)
    rule = _rule_of_shares(shares, rewarded, single)
    mapping = {option: share * points for option, share in shares.items() if share}
    key = frozenset([max(shares, key=lambda option: shares[option])]) if single else rewarded
    if rule is ScoringRule.MAPPED:
        return ChoiceKey(frozenset(key)), Scoring(rule, points, mapping)
    return ChoiceKey(frozenset(key)), Scoring(rule, points)


def _rule_of_shares(
    shares: Mapping[str, Fraction], rewarded: set[str], single: bool
) -> ScoringRule:
    others = {share for option, share in shares.items() if option not in rewarded}
    if single:
        plain = len(rewarded) == 1 and {shares[option] for option in rewarded} == {ONE}
        return ScoringRule.ALL_OR_NOTHING if plain and others <= {Fraction(0)} else _MAPPED
    if {shares[option] for option in rewarded} != {Fraction(1, len(rewarded))}:
        return _MAPPED
    if others <= {-ONE}:
        return ScoringRule.PARTIAL
    return ScoringRule.PER_OPTION if others == {Fraction(-1, len(rewarded))} else _MAPPED


_MAPPED = ScoringRule.MAPPED


def pairs_scoring(pairs: Iterable[tuple[str, str]], points: Fraction = ONE) -> Scoring:
    """Each right pair earns its part of the points, a wrong one nothing: Moodle's matching."""
    names = [" ".join(pair) for pair in sorted(pairs)]
    mapping = {name: points / len(names) for name in names}
    return Scoring(ScoringRule.MAPPED, points, mapping) if names else Scoring(max_points=points)


def blanks_scoring(blanks: Iterable[Blank], points: Fraction = ONE) -> Scoring:
    """An answer worth part of the credit earns that part; else all or nothing."""
    shares = {answer.share for blank in blanks for answer in blank.accepted}
    partly = not shares <= {Fraction(0), ONE}
    return Scoring(ScoringRule.PARTIAL if partly else ScoringRule.ALL_OR_NOTHING, points)


def natural_scoring(item: Item) -> Scoring:
    """The scoring that reading the item's shares back gives; all or nothing for other types."""
    points = item.scoring.max_points
    match item.answer_key:
        case MatchKey(pairs=pairs):
            return pairs_scoring(pairs, points)
        case ChoiceKey() if item.type in (ItemType.SINGLE, ItemType.MULTIPLE):
            rounded = {
                option: share_of_percent(Fraction(percent_of_share(share)))
                for option, share in shares_of_item(item).items()
            }
            single = item.type is ItemType.SINGLE
            return keyed_by_shares(rounded, single=single, points=points)[1]
        case BlanksKey(blanks=blanks):
            return blanks_scoring(blanks, points)
        case _:
            return Scoring(max_points=points)


def shares_of_item(item: Item) -> dict[str, Fraction]:
    """The share of each option of a choice; an all-or-nothing multiple choice as a partial one."""
    key, scoring = item.answer_key, item.scoring
    correct = key.correct if isinstance(key, ChoiceKey) else frozenset[str]()
    if scoring.rule is ScoringRule.MAPPED:
        points = scoring.max_points or ONE
        return {
            option.id: scoring.mapping.get(option.id, Fraction(0)) / points
            for option in item.options
        }
    count = max(1, len(correct))
    penalty = Fraction(-1, count) if scoring.rule is ScoringRule.PER_OPTION else -ONE
    wrong = Fraction(0) if count == 1 and item.type is not ItemType.MULTIPLE else penalty
    return {
        option.id: Fraction(1, count) if option.id in correct else wrong for option in item.options
    }
