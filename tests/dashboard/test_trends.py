import itertools
from datetime import date

import numpy as np
import pytest

from stance.dashboard.board import Board
from stance.dashboard.filters import COUNTINGS, VOICES, Filters
from stance.dashboard.queries import trends
from stance.estimate.options import EstimateOptions
from stance.estimate.raw import estimate

NUMBERS = ["value", "low", "high", "units", "paragraphs", "unsure"]
CELLS = [
    ("week", ("target", "period")),
    ("month", ("target", "outlet", "period")),
    ("all", ("target", "outlet")),
    ("all", ("target",)),
]


@pytest.mark.parametrize(("counting", "voice"), list(itertools.product(COUNTINGS, VOICES)))
def test_computed_cells_equal_the_estimates(board: Board, counting, voice):
    scores, articles = (board.snapshot.table(name).to_pandas() for name in ("scores", "articles"))
    options = EstimateOptions(by=("outlet", "week", "month", "voice"), counting=counting)
    estimates = estimate(scores, articles, options)
    for by, cells in CELLS:
        wanted = estimates[(estimates["by"] == by) & (estimates["voice"] == voice)]
        wanted = wanted[(wanted["outlet"] != "") == ("outlet" in cells)].sort_values([*cells, "measure"])
        filters = Filters(voice=voice, counting=counting, by="week" if by == "all" else by)
        found = board.ask(trends.computed, filters, cells).sort_values([*cells, "measure"])
        assert len(found) == len(wanted) > 0
        np.testing.assert_allclose(found[NUMBERS].to_numpy(float), wanted[NUMBERS].to_numpy(float), atol=1e-5)


def test_the_estimates_table_is_used_where_it_has_the_cells(board: Board):
    cells = ("target", "period")
    stored, computed = (board.ask(question, Filters(), cells) for question in (trends.trend, trends.computed))
    assert stored["note"].tolist() == computed["note"].tolist()
    np.testing.assert_allclose(stored[NUMBERS].to_numpy(float), computed[NUMBERS].to_numpy(float), atol=1e-5)


@pytest.mark.parametrize(
    "narrowed", [Filters(languages=("en",)), Filters(since=date(2025, 2, 10)), Filters(outlets=("The Herald",))]
)
def test_filters_leave_fewer_paragraphs(board: Board, narrowed):
    every = board.ask(trends.trend, Filters(), ("target",)).set_index(["target", "measure"])["paragraphs"]
    some = board.ask(trends.trend, narrowed, ("target",)).set_index(["target", "measure"])["paragraphs"]
    assert (some < every).all()


def test_outlets_add_up_to_all_paragraphs(board: Board):
    cells = board.ask(trends.computed, Filters(), ("target", "outlet"))
    together = board.ask(trends.computed, Filters(), ("target",))
    sums = cells[cells["measure"] == "polarity"].groupby("target")["paragraphs"].sum()
    assert sums.to_dict() == together[together["measure"] == "polarity"].set_index("target")["paragraphs"].to_dict()


def test_a_cell_under_the_minimum_has_counts_and_no_number(board: Board):
    few = board.ask(trends.computed, Filters(outlets=("The Herald",), by="day"), ("target", "period"))
    assert few["value"].isna().all()
    assert (few["units"] > 0).all()
    assert few["note"].str.startswith("too few").all()


def test_nothing_chosen_gives_no_cells(board: Board):
    assert board.ask(trends.computed, Filters(since=date(2030, 1, 1)), ("target", "period")).empty
