"""Our correction against the two libraries we read and did not take (see `estimate.correction`)."""

import json
from pathlib import Path

import numpy as np
import pytest

from stance.estimate.rectify import Labelled, whole

MADE = json.loads((Path(__file__).parent / "libraries.json").read_text("utf-8"))
CASES = [
    (case, library) for case, data in MADE["cases"].items() for library in ("glide-py", "ppi-python") if library in data
]


@pytest.mark.parametrize(("case", "library"), CASES)
def test_whole_is_what_the_libraries_say_where_the_cases_meet(case, library):
    data = MADE["cases"][case]
    human, scorer = np.array(data["human"]), np.array(data["scorer"])
    count = len(human)
    cluster = np.array(data.get("cluster", range(len(scorer))))
    size = np.bincount(cluster)
    means = (np.bincount(cluster, scorer) / size)[np.unique(cluster[count:])]
    weight = np.array(data.get("weight", np.ones(count))) / size[cluster[:count]]
    labelled = Labelled(
        weight, cluster[:count], np.ones(count), human[:, None], scorer[:count, None], np.zeros((count, 1))
    )
    noise = np.array([[means.var(ddof=1) / len(means)]])
    found = whole(labelled, np.array([means.mean()]), noise, np.ones((1, 1)), np.zeros(1), np.ones(1))
    # they take Var(scorer) from all pairs where we take it from the labelled ones, and neither divide residuals by
    # their leverage nor guard small samples: about 2 % of the error at 100 clusters
    assert found.value[0] == pytest.approx(data[library]["value"], abs=0.1 * data[library]["error"])
    assert np.sqrt(found.variance[0]) == pytest.approx(data[library]["error"], rel=0.025)
