"""The four outputs of a graded sheet as bytes: results, items, errors, summary.

The CSV files are UTF-8 with a byte order mark and CR LF, as Excel and WPS read them. A cell
that a spreadsheet would run as a formula is made inert; identifiers are exact text (the
sheet refuses any that is not plain). The same input gives the same bytes.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from certify.grading.analysis import SheetStatistics
from certify.grading.batch import GradedSheet, ItemResult
from certify.grading.normalise import decimal_text

RESULTS: Final = "results.csv"
ITEMS: Final = "items.csv"
ERRORS: Final = "errors.csv"
SUMMARY: Final = "summary.json"

_FIXED: Final = ("candidate_id", "name", "total_points", "max_points")
_ITEM_COLUMNS: Final = ("question", "type", "points", "n", "p", "r_rest", "d27", "answers")
_ERROR_COLUMNS: Final = ("row", "column", "candidate_id", "code", "reason")
# CWE-1236: the characters that begin a formula, with their full-width forms.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MOST_ANSWERS: Final = 20
_PLACES: Final = 6

Summary = Mapping[str, object]


def inert(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def points_text(points: Fraction) -> str:
    """Exact where a decimal can be, else rounded to six decimals."""
    text = decimal_text(points)
    return text if "/" not in text else decimal_text(Fraction(round(points * 10**6), 10**6))


def summarise(graded: GradedSheet, statistics: SheetStatistics) -> Summary:
    """What summary.json holds; rows_in = graded + reported."""
    sheet, problems = graded.sheet, graded.problems
    codes = Counter(problem.code for problem in problems)
    return MappingProxyType(
        {
            "answers_file": sheet.file,
            "key_file": graded.key.file,
            "encoding": sheet.encoding,
            "key_encoding": graded.key.encoding,
            "header_row": sheet.header_row,
            "rows_in": sheet.rows_in,
            "graded": len(sheet.candidates),
            "reported": sheet.rows_reported,
            "blank_rows": sheet.blank_rows,
            "cell_problems": sum(not problem.fatal for problem in problems),
            "problems": dict(sorted(codes.items())),
            "normalised": dict(graded.normalised),
            "questions": len(graded.items),
            "max_points": _number(graded.max_points),
            "mean": _rounded(statistics.mean),
            "sd": _rounded(statistics.sd),
            "alpha": _rounded(statistics.alpha),
            "sem": _rounded(statistics.sem),
            "warnings": [str(warning) for warning in statistics.warnings],
        }
    )


def output_files(
    graded: GradedSheet, statistics: SheetStatistics, summary: Summary
) -> Mapping[str, bytes]:
    """The four files by name, the summary last."""
    text = json.dumps(dict(summary), ensure_ascii=False, indent=2) + "\n"
    return MappingProxyType(
        {
            RESULTS: _results(graded),
            ITEMS: _items(graded, statistics),
            ERRORS: _errors(graded),
            SUMMARY: text.encode("utf-8"),
        }
    )


def _results(graded: GradedSheet) -> bytes:
    denominator = graded.denominator
    texts: dict[int, str] = {}

    def text(scaled: int) -> str:
        if scaled not in texts:
            texts[scaled] = points_text(Fraction(scaled, denominator))
        return texts[scaled]

    highest = points_text(graded.max_points)
    rows = (
        [
            candidate.candidate_id,
            inert(candidate.name),
            text(total),
            highest,
            *map(inert, candidate.attributes),
            *map(text, points),
        ]
        for candidate, total, points in zip(
            graded.sheet.candidates,
            graded.scaled_totals.tolist(),
            graded.scaled_points.tolist(),
            strict=True,
        )
    )
    names = [*graded.sheet.attribute_names, *(item.question for item in graded.items)]
    return _csv([*_FIXED, *_apart(names)], rows)


def _apart(names: Sequence[str]) -> list[str]:
    """Headings that differ from each other and from the fixed ones."""
    taken = set(_FIXED)
    apart = []
    for name in map(inert, names):
        heading, number = name, 2
        while heading in taken:
            heading, number = f"{name} ({number})", number + 1
        taken.add(heading)
        apart.append(heading)
    return apart


def _items(graded: GradedSheet, statistics: SheetStatistics) -> bytes:
    rows = (
        [
            inert(item.question),
            item.item_type,
            points_text(item.points),
            str(item.persons),
            _decimal(found.p),
            _decimal(found.r_rest),
            _decimal(found.d27),
            _answers(item),
        ]
        for item, found in zip(graded.items, statistics.items, strict=True)
    )
    return _csv(_ITEM_COLUMNS, rows)


def _answers(item: ItemResult) -> str:
    """The most frequent answers with their counts as JSON, which no spreadsheet runs."""
    counts = dict(list(item.answers.items())[:_MOST_ANSWERS])
    others = sum(item.answers.values()) - sum(counts.values())
    for label, count in (
        ("(other)", others),
        ("(blank)", item.blank),
        ("(unreadable)", item.unreadable),
    ):
        if count:
            counts[label] = counts.get(label, 0) + count
    return json.dumps(counts, ensure_ascii=False)


def _errors(graded: GradedSheet) -> bytes:
    rows = (
        [
            str(problem.row),
            inert(problem.column),
            inert(problem.candidate_id),
            problem.code,
            inert(problem.reason),
        ]
        for problem in graded.problems
    )
    return _csv(_ERROR_COLUMNS, rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _decimal(value: float | None) -> str:
    """Fixed decimals with a plain leading zero; a negative value is a number, not free text."""
    return "" if value is None else f"{value:.{_PLACES}f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)


def _number(points: Fraction) -> int | float:
    return points.numerator if points.denominator == 1 else float(points_text(points))
