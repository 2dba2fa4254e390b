"""What tests of more than one stage share: the shipped samples, and one run over them with the dummy scorer."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"


@pytest.fixture(scope="session")
def sample_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of one run over the samples; tests that change it copy it first."""
    from stance import pipeline
    from stance.config import RunConfig

    out = tmp_path_factory.mktemp("samples") / "out"
    pipeline.run(RunConfig.model_validate({"inputs": [str(SAMPLES)], "out": str(out), "scorer": {"kind": "dummy"}}))
    return out
