# ruff: noqa: E501 (samples of mark-up are read more easily on one line)
"""The marked documents: boundaries are found at least as well as the floor says, and the documents are the pinned ones."""

import hashlib
import json
from pathlib import Path

from benchmarks.paragraphs import GOLD, Counts, boundaries, compare, found_in

FLOOR = 0.99
"""F1 of boundaries over all documents, as `benchmarks/paragraphs.py` prints it (0.996), less one flipped paragraph."""
PINNED = "80018d2818def7849bcb0435288ece2eaee691d1d4f7a062dc37bbc7dc389861"
"""SHA-256 of the marks and of every marked document, so that the floor means the same thing from year to year."""


def test_boundaries_are_found():
    total = Counts()
    for line in (GOLD / "marks.jsonl").read_text("utf-8").splitlines():
        mark = json.loads(line)
        found = found_in(GOLD / "documents" / mark["file"])
        total += compare(boundaries(found), boundaries(mark["paragraphs"]))
    assert total.f1 >= FLOOR


def test_the_marked_documents_are_the_pinned_ones():
    marks = GOLD / "marks.jsonl"
    names = [json.loads(line)["file"] for line in marks.read_text("utf-8").splitlines()]
    digest = hashlib.sha256()
    for path in (marks, *(Path(GOLD / "documents" / name) for name in names)):
        digest.update(path.read_bytes())
    assert (len(names), digest.hexdigest()) == (40, PINNED)


def test_f1_counts_what_agrees():
    assert compare(["a", "b"], ["a", "c"]) == Counts(1, 2, 2)
    assert Counts(1, 2, 2).f1 == 0.5
    assert compare(["a"], ["a", "a"]).f1 == 2 / 3
    assert Counts().f1 == 1
