"""Numbers with intervals, from scores and, where there are any, from human labels.

Import from the modules: `options` is light, `raw` and the others need pandas and scipy, which a run with nothing to do
should not pay for.
"""
