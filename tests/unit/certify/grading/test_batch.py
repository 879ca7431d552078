"""Scoring: exact sums of any fineness, all-or-nothing, faulty cells worth 0."""

from fractions import Fraction

from certify.grading.batch import GradedSheet, grade_sheet
from certify.grading.key import read_key
from certify.grading.sheet import read_sheet


def graded(key: str, answers: str) -> GradedSheet:
    paper = read_key(f"题号,答案,分值,题型\n{key}".encode(), "key.csv")
    return grade_sheet(read_sheet(answers.encode(), "answers.csv", paper), paper)


def test_multiple_choice_is_all_or_nothing() -> None:
    found = graded("1,ABC,3,多选\n", "学号,1\n1,ABC\n2,AB\n3,ABCD\n4,cba\n")
    assert [result.total for result in found.candidate_results()] == [3, 0, 0, 3]


def test_ten_tenths_are_one() -> None:
    key = "".join(f"{n},A,0.1,单选\n" for n in range(1, 11))
    heading = "学号," + ",".join(str(n) for n in range(1, 11))
    found = graded(key, heading + "\n1," + ",".join("A" * 10) + "\n")
    assert next(found.candidate_results()).total == 1


def test_points_too_fine_for_64_bits_stay_exact() -> None:
    primes = (9973, 9967, 9949, 9941, 9931, 9929)
    key = "".join(f"{n},A,1/{prime},单选\n" for n, prime in enumerate(primes, 1))
    found = graded(key, "学号,1,2,3,4,5,6\n1,A,A,A,A,A,A\n")
    assert next(found.candidate_results()).total == sum(Fraction(1, prime) for prime in primes)


def test_cell_with_a_fault_is_worth_nothing_and_the_rest_counts() -> None:
    found = graded("1,A,1,单选\n2,B,1,单选\n", "学号,1,2\n1,AB,B\n")
    assert next(found.candidate_results()).points == (0, 1)
    assert [(p.row, p.column, p.code, p.fatal) for p in found.problems] == [
        (2, "1", "several_marks", False)
    ]


def test_answers_are_counted_by_what_they_say() -> None:
    found = graded("1,AC,1,多选\n", '学号,1\n1,"A,C"\n2,ca\n3,\n4,#\n5,B\n')
    result = found.items[0]
    assert (dict(result.answers), result.blank, result.unreadable) == ({"AC": 2, "B": 1}, 1, 1)
    assert (result.persons, result.right) == (5, 2)


def test_sheet_with_no_gradable_row_has_no_results() -> None:
    found = graded("1,A,1,单选\n", "学号,1\n,A\n")
    assert list(found.candidate_results()) == []
    assert [problem.code for problem in found.problems] == ["missing_id"]
