"""Labelled rows for tests, one of each format."""

import json

TEXT = "Police beat students, the union said. The mob deserved it, Colonel Bek said, and the minister left."
CODEBOOK = json.dumps(
    {
        "id": "t-1",
        "style": "wire report",
        "country": "Nowhere",
        "text": TEXT,
        "tone": "negative",
        "labels": [
            {
                "target": "government",
                "mentions": ["Police", "Colonel Bek", "the minister"],
                "overall": "against",
                "author": "neutral",
                "reported": [{"speaker": "the union", "stance": "against"}],
            },
            {
                "target": "protesters",
                "mentions": ["students", "the union", "The mob"],
                "overall": "neutral",
                "author": "against",
                "reported": [
                    {"speaker": "the union", "stance": "favor"},
                    {"speaker": "Colonel Bek", "stance": "against"},
                ],
            },
        ],
        "decoys": ["it"],
    }
)
TARGETED = json.dumps({"text": "Ann is wise.", "targets": [{"name": "Ann", "spans": [[0, 3]], "label": 2}]})
