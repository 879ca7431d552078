"""Parameter tables: bit for bit there and back; an impossible parameter costs its item only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certify.psychometrics.item_parameters import ItemParameters
from certify.workbench.errors import MissingColumn, NoUsableRows
from certify.workbench.parameter_reading import read_parameters
from certify.workbench.parameter_table import (
    ParameterErrors,
    ParameterTable,
    parameter_table_bytes,
)

NUMBER = st.floats(-8, 8, allow_nan=False).filter(lambda value: abs(value) > 1e-6)


def read(text: str) -> ParameterTable:
    return read_parameters(text.encode(), "p.csv")


def line_of(text: str) -> str:
    (finding,) = read(text).findings
    return str(finding)


def mixed() -> ParameterTable:
    items = ItemParameters.concatenate(
        [
            ItemParameters.of([1 / 3, 2.0], [0.1 + 0.2, -1.0], [0.0, 0.2], [1.0, 0.98]),
            ItemParameters.graded([1.1], [[-1 / 7, 0.0, 2 / 3]], dimension=1),
            ItemParameters.partial_credit([0.7], [[0.5, -0.5]], dimension=1, n_dimensions=2),
        ]
    )
    errors = ParameterErrors(
        np.array([0.1, 1 / 9, np.nan, 0.3]),
        np.array([0.1, 0.2, np.nan, np.nan]),
        np.array([np.nan, 0.05, np.nan, np.nan]),
        np.array([np.nan, 0.01, np.nan, np.nan]),
        np.where(np.isnan(items.thresholds), np.nan, 0.1),
    )
    models = ("2pl", "4pl", "grm", "gpcm")
    return ParameterTable("p.csv", ("A", "=B", "丙", "D"), models, items, ("e", "S"), errors)


def assert_same(one: ParameterTable, other: ParameterTable) -> None:
    assert (one.item_ids, one.models) == (other.item_ids, other.models)
    assert one.dimensions == other.dimensions
    for name in ("a", "b", "c", "d", "model", "thresholds", "dimension"):
        np.testing.assert_array_equal(getattr(one.items, name), getattr(other.items, name))
    for name in ("a", "b", "c", "d", "thresholds"):
        np.testing.assert_array_equal(getattr(one.errors, name), getattr(other.errors, name))


def test_a_mixed_bank_comes_back_bit_for_bit() -> None:
    table = mixed()
    assert_same(read_parameters(parameter_table_bytes(table), "p.csv"), table)


@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=5))
def test_any_number_comes_back_bit_for_bit(pairs: list[tuple[float, float]]) -> None:
    items = ItemParameters.of([a for a, _ in pairs], [b for _, b in pairs])
    names = tuple(f"Q{at}" for at in range(len(pairs)))
    table = ParameterTable(
        "p.csv", names, ("2pl",) * len(pairs), items, ("1",), ParameterErrors.unknown(items)
    )
    assert_same(read_parameters(parameter_table_bytes(table), "p.csv"), table)


def test_the_heading_is_the_agreed_one() -> None:
    heading = parameter_table_bytes(mixed().take([0])).decode("utf-8-sig").splitlines()[0]
    plain = "item_id,model,a,b,c,d,b1,b2,b3,dimension,se_a,se_b,se_c"
    assert heading.startswith(plain)
    single = ParameterTable(
        "p.csv",
        ("A",),
        ("2pl",),
        ItemParameters.of([1.0], [0.0]),
        ("1",),
        ParameterErrors.unknown(ItemParameters.of([1.0], [0.0])),
    )
    text = parameter_table_bytes(single).decode()
    assert text == f"{plain.replace('b1,b2,b3,', '')}\nA,2pl,1.0,0.0,0.0,1.0,1,,,\n"


def test_blank_cells_have_the_plain_values() -> None:
    table = read("item_id,model,a,b,c,d\nA,1pl,,0.5,,\nB,2pl,1.2,0,,\n")
    assert table.items.a.tolist() == [1.0, 1.2]
    assert (table.items.c.tolist(), table.items.d.tolist()) == ([0, 0], [1, 1])
    assert table.dimensions == ("1",)


def test_without_a_model_the_parameters_tell() -> None:
    table = read("item_id,a,b,c,d\nA,1,0,,\nB,1,0,.2,\nC,1,0,.2,.9\nD,,0,,\n")
    assert table.models == ("2pl", "3pl", "4pl", "1pl")


def test_dimensions_that_are_numbers_stand_in_their_order() -> None:
    table = read("item_id,model,a,b,dimension\nA,2pl,1,0,2\nB,2pl,1,0,1\n")
    assert table.dimensions == ("1", "2")
    assert table.items.dimension.tolist() == [1, 0]


GOOD = "item_id,model,a,b,c,d,b1,b2\nok,2pl,1,0,,,,\n"


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        ("X,2pl,0,0,,,,", "column a", "found 0"),
        ("X,2pl,inf,0,,,,", "column a", "found inf"),
        ("X,2pl,,0,,,,", "column a", "found a blank"),
        ("X,2pl,1,b,,,,", "column b", "found 'b'"),
        ("X,2pl,1,0,.2,,,", "column c", "3pl has a lower asymptote"),
        ("X,3pl,1,0,1.2,,,", "column c", "0 <= c < 1"),
        ("X,4pl,1,0,.2,.1,,", "column d", "c < d <= 1"),
        ("X,3pl,1,0,.2,.9,,", "column d", "4pl has an upper asymptote"),
        ("X,rasch,1.3,0,,,,", "column a", "a slope of 1"),
        ("X,grm,1,,,,1,0", "column b2", "rise"),
        ("X,grm,1,,,,,", "column b1", "thresholds"),
        ("X,gpcm,1,,,,x,0", "column b1", "found 'x'"),
        ("X,5pl,1,0,,,,", "column model", "found '5pl'"),
        ("X,,1,0,,,1,2", "column model", "expected a model out of rasch"),
    ],
)
def test_an_impossible_parameter_is_named_with_its_place(row: str, place: str, said: str) -> None:
    table = read(f"{GOOD}{row}\n")
    assert table.item_ids == ("ok",)
    line = str(table.findings[0])
    assert f"row 3, {place}: item X: " in line
    assert said in line
    assert "correct the" in line


def test_an_item_that_stands_twice_is_left_out() -> None:
    assert "rows 3, 4" in str(read(f"{GOOD}X,2pl,1,0,,,,\nX,2pl,2,0,,,,\n").findings[0])


def test_steps_of_partial_credit_may_come_in_any_order() -> None:
    table = read("item_id,model,a,b1,b2\nA,pcm,,1,-1\n")
    assert table.items.thresholds.tolist() == [[1.0, -1.0]]
    assert table.items.b.tolist() == [0.0]


def test_a_table_without_difficulties_is_refused() -> None:
    with pytest.raises(MissingColumn, match="a column b"):
        read("item_id,model,a\nA,2pl,1\n")


def test_a_table_without_a_good_item_is_refused_with_the_first_cause() -> None:
    with pytest.raises(NoUsableRows, match="row 2, column a"):
        read("item_id,model,a,b\nA,2pl,0,1\n")
