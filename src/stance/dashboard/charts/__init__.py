"""Charts of the board and the report: pure functions from small tables to Vega-Lite specs.

What belongs here: marks, scales, colours. What does not: SQL, Streamlit, files. The specs are plain dictionaries: from
Altair's objects one of these pictures takes 0.7 s of processor time to build, as a dictionary a few milliseconds, and a
page has ten. The tests hold each of them against Altair's copy of the Vega-Lite schema.
"""

from typing import Any

Spec = dict[str, Any]
"""A Vega-Lite specification."""
