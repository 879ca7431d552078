"""From what a session left behind to the figures of its integrity report.

Opens no transaction and stores nothing; every formula is in `certify.psychometrics`.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from certify.exams.conduct import AnswerChange, Conduct
from certify.exams.pool import ItemPool
from certify.psychometrics.diagnosing.dimensional_person_fit import lz_star_of_modes
from certify.psychometrics.diagnosing.rapid_guessing import RapidGuessing, rapid_guessing
from certify.psychometrics.diagnosing.shared_errors import (
    RIGHT,
    UNSEEN,
    SharedErrors,
    shared_errors,
)
from certify.psychometrics.estimating.multidimensional_map import maximum_a_posteriori
from certify.psychometrics.multiple_testing import ErrorRate, adjusted
from certify.services.integrity_findings import (
    AWAY_SECONDS,
    AWAY_TIMES,
    EFFORT_BORDER,
    FALSE_DISCOVERY,
    CandidateEvidence,
    IntegrityFindings,
    PairEvidence,
    Signal,
)
from certify.services.page_logging import PageEventKind
from certify.services.ports import PageEvent, SeatEntry
from certify.services.response_answers import NO_ANSWER, answers_given
from question_bank.item import Item, ItemType

FLOOR_SECONDS: Final = 3.0
"""Below this nobody has read an item, whatever others needed."""
SHORTEST_SECONDS: Final = 0.001
FEWEST_FOR_FIT: Final = 15
"""Answers to scored items; the distribution of lz* is that of long tests."""
_SEAT_NUMBER: Final = re.compile(r"(.*?)(\d+)\D*")

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class EndedExam:
    """One ended exam: whose, how it was worked at, and what its pages told."""

    entry: SeatEntry
    attempt_id: str
    conduct: Conduct
    told: Sequence[PageEvent]


@dataclass(frozen=True, slots=True)
class _Tables:
    """Exams against items; `seconds` and `correct` are NaN where nothing was answered."""

    item_ids: tuple[str, ...]
    seconds: FloatArray
    correct: FloatArray
    answers: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Fit:
    """lz* with its p-values, NaN where there is none, and what orders candidates by ability."""

    statistic: FloatArray
    p_value: FloatArray
    adjusted_p: FloatArray
    ability: FloatArray


@dataclass(frozen=True, slots=True)
class _Figures:
    """What is known of all candidates; `judged` counts the answers with a time."""

    rapid: RapidGuessing
    judged: NDArray[np.intp]
    fit: _Fit
    is_provisional: bool


def find_evidence(
    exams: Sequence[EndedExam], pool: ItemPool, open_exams: int, progress: Progress
) -> IntegrityFindings:
    """All figures of a session's ended exams. `progress` is told pairs' rows done and in all."""
    tables = _tables(exams, pool.by_id)
    items = [pool.by_id[item_id] for item_id in tables.item_ids]
    rapid = rapid_guessing(
        tables.seconds,
        floor_seconds=FLOOR_SECONDS,
        expected_seconds=[float(item.expected_seconds) for item in items],
    )
    fit = _person_fit(tables, pool)
    shared = shared_errors(
        tables.answers,
        fit.ability,
        [len(item.options) - 1 if item.type is ItemType.SINGLE else 0 for item in items],
        neighbours=neighbours([exam.entry for exam in exams]),
        progress=progress,
    )
    pairs = _pairs(exams, shared)
    is_provisional = any(item.calibration is None for item in items if item.id in pool.index_of)
    similar = {one for pair in pairs if pair.is_marked for one in (pair.first, pair.second)}
    figures = _Figures(rapid, (~np.isnan(tables.seconds)).sum(axis=1), fit, is_provisional)
    candidates = [_candidate(exam, row, figures, similar) for row, exam in enumerate(exams)]
    return IntegrityFindings(
        candidates=tuple(sorted(candidates, key=_notable_first)),
        pairs=pairs,
        tests=shared.tests,
        near_tests=shared.near_tests,
        open_exams=open_exams,
        is_provisional=is_provisional,
        thresholds=dict(zip(tables.item_ids, rapid.thresholds.tolist(), strict=True)),
    )


def neighbours(entries: Sequence[SeatEntry]) -> list[tuple[int, int]]:
    """Pairs of entries whose seats in one room have consecutive numbers."""
    seats = sorted(
        (entry.seat.room, found[1], int(found[2]), row)
        for row, entry in enumerate(entries)
        if (found := _SEAT_NUMBER.fullmatch(entry.seat.seat))
    )
    return [
        (before[3], after[3])
        for before, after in pairwise(seats)
        if before[:2] == after[:2] and after[2] - before[2] == 1
    ]


def _tables(exams: Sequence[EndedExam], items: Mapping[str, Item]) -> _Tables:
    ids = sorted({one.item_id for exam in exams for one in exam.conduct.items} & set(items))
    column = {item_id: at for at, item_id in enumerate(ids)}
    shape = (len(exams), len(ids))
    seconds, correct = np.full(shape, np.nan), np.full(shape, np.nan)
    answers = np.full(shape, UNSEEN, dtype=np.intp)
    numbers: dict[str, dict[tuple[str, ...], int]] = {item_id: {} for item_id in ids}
    for row, exam in enumerate(exams):
        for one in exam.conduct.items:
            if one.answered_at is None or one.item_id not in column:
                continue
            at = column[one.item_id]
            correct[row, at] = float(one.correct)
            if one.seconds is not None:
                seconds[row, at] = max(one.seconds, SHORTEST_SECONDS)
            if one.correct:
                answers[row, at] = RIGHT
            elif said := _said(items[one.item_id], one.response):
                known = numbers[one.item_id]
                answers[row, at] = known.setdefault(said, len(known))
    return _Tables(tuple(ids), seconds, correct, answers)


def _said(item: Item, response: Any) -> tuple[str, ...]:
    """A wrong answer in a form that equal answers share; empty for none, and for essays."""
    given = answers_given(item, response)
    return () if NO_ANSWER in given else tuple(sorted(given))


def _person_fit(tables: _Tables, pool: ItemPool) -> _Fit:
    """Of the scored items; those that were only tried out have no parameters."""
    scored = [at for at, item_id in enumerate(tables.item_ids) if item_id in pool.index_of]
    places = [pool.index_of[tables.item_ids[at]] for at in scored]
    nothing = np.full(len(tables.correct), np.nan)
    if not scored:
        return _Fit(nothing, nothing, nothing, np.zeros(len(tables.correct)))
    responses, parameters = tables.correct[:, scored], pool.parameters.take(places)
    modes = maximum_a_posteriori(responses, parameters, pool.prior)
    found = lz_star_of_modes(responses, parameters, modes.theta, pool.prior)
    is_enough = (~np.isnan(responses)).sum(axis=1) >= FEWEST_FOR_FIT
    statistic, tail = (
        np.where(is_enough, each, np.nan) for each in (found.statistic, found.p_value)
    )
    corrected = adjusted(tail, ErrorRate.FALSE_DISCOVERY)
    return _Fit(statistic, tail, corrected, modes.theta.mean(axis=1))


def _pairs(exams: Sequence[EndedExam], shared: SharedErrors) -> tuple[PairEvidence, ...]:
    seats = [exam.entry.seat for exam in exams]
    return tuple(
        PairEvidence(
            first=seats[first].candidate_id,
            second=seats[second].candidate_id,
            is_near=bool(shared.is_near[at]),
            same_room=seats[first].room == seats[second].room,
            common=int(shared.common[at]),
            both_wrong=int(shared.both_wrong[at]),
            identical=int(shared.identical[at]),
            expected=float(shared.expected[at]),
            p_value=float(shared.p_value[at]),
            adjusted_p=float(shared.adjusted_p[at]),
        )
        for at, (first, second) in enumerate(
            zip(shared.first.tolist(), shared.second.tolist(), strict=True)
        )
    )


def _candidate(
    exam: EndedExam,
    row: int,
    figures: _Figures,
    similar: Collection[str],
) -> CandidateEvidence:
    seat, items = exam.entry.seat, [one for one in exam.conduct.items if one.answered_at]
    away, offline = (
        [one.seconds for one in exam.told if one.kind == kind]
        for kind in (PageEventKind.AWAY, PageEventKind.OFFLINE)
    )
    fit = figures.fit
    effort = _number(figures.rapid.effort[row])
    origins = sum(one.kind == PageEventKind.ORIGIN for one in exam.told)
    fit_adjusted_p = _number(fit.adjusted_p[row])
    is_misfit = fit_adjusted_p is not None and fit_adjusted_p <= FALSE_DISCOVERY
    marks = {
        Signal.SIMILAR: seat.candidate_id in similar,
        Signal.FIT: is_misfit and not figures.is_provisional,
        Signal.RAPID: effort is not None and effort < EFFORT_BORDER,
        Signal.AWAY: len(away) >= AWAY_TIMES or sum(away) >= AWAY_SECONDS,
        Signal.ORIGIN: origins > 1,
    }
    return CandidateEvidence(
        candidate_id=seat.candidate_id,
        attempt_id=exam.attempt_id,
        admission_number=seat.admission_number,
        name=exam.entry.display_name,
        room=seat.room,
        seat=seat.seat,
        answered=len(items),
        correct=sum(one.correct for one in items),
        judged=int(figures.judged[row]),
        rapid=int(figures.rapid.is_rapid[row].sum()),
        effort=effort,
        fit=_number(fit.statistic[row]),
        fit_p=_number(fit.p_value[row]),
        fit_adjusted_p=fit_adjusted_p,
        to_right=exam.conduct.count(AnswerChange.TO_RIGHT),
        to_wrong=exam.conduct.count(AnswerChange.TO_WRONG),
        wrong_to_wrong=exam.conduct.count(AnswerChange.WRONG_TO_WRONG),
        away_times=len(away),
        away_seconds=sum(away),
        offline_times=len(offline),
        offline_seconds=sum(offline),
        pages=exam.conduct.pages,
        origins=origins,
        signals=tuple(signal for signal, is_set in marks.items() if is_set),
    )


def _notable_first(one: CandidateEvidence) -> tuple[int, str]:
    return -len(one.signals), one.admission_number


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
