"""Make `libraries.json`: what `glide-py` and `ppi-python` say of small data sets.

    python3.12 -m venv env && env/bin/pip install glide-py==0.11.0 ppi-python==0.2.3
    env/bin/python tests/estimate/make_libraries.py > tests/estimate/libraries.json

Not run by the tests: the one library needs Python 3.12, the other brings numba. (The file at hand came from the sources
of these versions under Python 3.11, with numba's compiler left out.)
"""

import json
import sys
from importlib import metadata

import numpy as np
from glide.estimators import ClusteredPPIMeanEstimator, PPIMeanEstimator
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate


def data(rng, labelled, unlabelled, right):
    human = (rng.random(labelled + unlabelled) < 0.4).astype(float)
    said = np.where(rng.random(len(human)) < right, human, 1 - human)
    scorer = np.round(np.clip(0.15 + 0.7 * said + rng.normal(0, 0.05, len(human)), 0, 1), 4)
    return human, scorer


def answer(result):
    interval = result.confidence_interval
    return {"value": float(interval.mean), "error": float(interval.std)}


def plain(rng, right):
    human, scorer = data(rng, 200, 1_500, right)
    true = np.where(np.arange(1_700) < 200, human, np.nan)
    interval = ppi_mean_ci(human[:200], scorer[:200], scorer[200:], alpha=0.05)
    ppi = {
        "value": float(ppi_mean_pointestimate(human[:200], scorer[:200], scorer[200:])[0]),
        "error": float((interval[1][0] - interval[0][0]) / 2 / 1.959964),
    }
    glide = answer(PPIMeanEstimator().estimate(true, scorer))
    return {"human": human[:200].tolist(), "scorer": scorer.tolist(), "glide-py": glide, "ppi-python": ppi}


def weighted(rng):
    human, scorer = data(rng, 200, 1_500, 0.85)
    weight = np.round(rng.uniform(0.5, 2.0, 200), 3)
    interval = ppi_mean_ci(human[:200], scorer[:200], scorer[200:], alpha=0.05, w=weight)
    value = ppi_mean_pointestimate(human[:200], scorer[:200], scorer[200:], w=weight)
    ppi = {"value": float(value[0]), "error": float((interval[1][0] - interval[0][0]) / 2 / 1.959964)}
    return {"human": human[:200].tolist(), "scorer": scorer.tolist(), "weight": weight.tolist(), "ppi-python": ppi}


def clustered(rng):
    size = rng.integers(1, 6, 500)
    cluster = np.repeat(np.arange(500), size)
    lean = rng.beta(1, 1.5, 500)[cluster]
    human = (rng.random(len(cluster)) < lean).astype(float)
    said = np.where(rng.random(len(cluster)) < 0.85, human, 1 - human)
    scorer = np.round(0.15 + 0.7 * said, 4)
    true = np.where(cluster < 100, human, np.nan)
    glide = answer(ClusteredPPIMeanEstimator().estimate(true, scorer, cluster))
    count = int((cluster < 100).sum())
    return {"human": human[:count].tolist(), "scorer": scorer.tolist(), "cluster": cluster.tolist(), "glide-py": glide}


def main():
    rng = np.random.default_rng(2026)
    cases = {"good": plain(rng, 0.9), "poor": plain(rng, 0.6), "weighted": weighted(rng), "clustered": clustered(rng)}
    made = {name: metadata.version(name) for name in ("glide-py", "ppi-python")}
    json.dump({"made_with": made, "cases": cases}, sys.stdout)


if __name__ == "__main__":
    main()
