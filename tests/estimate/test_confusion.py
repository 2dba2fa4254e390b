import json

import numpy as np
import pytest

from stance.errors import ConfigError
from stance.estimate.confusion import Confusion, shipped


def test_confusion_counts_become_rates_and_words(tmp_path):
    file = tmp_path / "confusion.json"
    file.write_text(json.dumps({"confusion": [[8, 1, 1], [2, 16, 2], [0, 1, 3]], "source": "100 pairs"}))
    found = Confusion.load(file)
    assert found.rates.sum(axis=1) == pytest.approx(1)
    assert found.sentence().startswith("of 100 paragraphs against it calls 80 against, 10 neutral, 10 favor; ")
    assert found.source == "100 pairs"


@pytest.mark.parametrize(
    "text", ["", "{}", '{"confusion": [[1, 2], [3, 4]]}', '{"confusion": [[0,0,0],[1,1,1],[1,1,1]]}']
)
def test_confusion_refuses_what_is_no_matrix(tmp_path, text):
    file = tmp_path / "confusion.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match="expected JSON with a 3 × 3"):
        Confusion.load(file)


def test_shipped_confusion_of_an_unmeasured_model_says_that_it_is_assumed():
    found = shipped("no such model")
    assert found.source == "assumed, not measured"
    assert np.allclose(found.rates.sum(axis=1), 1)
