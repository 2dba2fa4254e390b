"""Samples as CSV files that a spreadsheet opens, and back.

What belongs here: columns and cells. What does not: Label Studio's format, checks against the sample (`labelling`).
"""

import csv
import io
from collections.abc import Iterator, Sequence

from stance.annotate.records import Drawn, Label

GIVEN = ("paragraph_id", "target", "outlet", "published", "title", "text")
MODEL = ("model", "model_against", "model_neutral", "model_favor")
ASKED = ("annotator", "overall", "author", "reported", "note")
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def to_csv(drawn: Sequence[Drawn], *, show_model: bool = False) -> str:
    """Write drawn pairs as rows to fill in.

    Args:
        drawn: the pairs.
        show_model: whether to show what the scorer said; an annotator who sees it leans toward it.

    Returns:
        CSV text that begins with a byte-order mark, so that spreadsheets read it as UTF-8. A cell that a spreadsheet
        would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*GIVEN, *(MODEL if show_model else ()), *ASKED])
    for item in drawn:
        model = [item.predicted, item.against, item.neutral, item.favor] if show_model else []
        writer.writerow([*(_safe(getattr(item, name)) for name in GIVEN), *model, *("" for _ in ASKED)])
    return "\ufeff" + text.getvalue()


def _safe(cell: str) -> str:
    return "'" + cell if cell.startswith(_RISKY) else cell


def from_csv(text: str, annotator: str = "") -> Iterator[tuple[int, Label | str]]:
    """Read filled rows.

    Args:
        text: the file; commas, semicolons or tabs between cells.
        annotator: who labelled the rows that do not say so.

    Yields:
        1-based line of each row that has a label, with the label or with what is wrong.
    """
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    missing = {"paragraph_id", "target", "overall"} - set(reader.fieldnames or ())
    if missing:
        yield 1, f"expected columns paragraph_id, target and overall; {', '.join(sorted(missing))} missing"
        return
    for row in reader:
        cells = {name: (row.get(name) or "").strip() for name in ("paragraph_id", "target", *ASKED)}
        if cells["overall"]:
            yield reader.line_num, _label(cells, annotator)


def _label(cells: dict[str, str], annotator: str) -> Label | str:
    try:
        return Label(
            paragraph_id=cells["paragraph_id"].removeprefix("'"),
            target=cells["target"],
            annotator=cells["annotator"] or annotator,
            overall=cells["overall"].lower(),
            author=cells["author"].lower(),
            reported=_speakers(cells["reported"]) if cells["author"] or cells["reported"] else None,
            note=cells["note"],
        )
    except ValueError as error:
        return str(error)


def _speakers(cell: str) -> tuple[tuple[str, str], ...]:
    """Read `speaker: stance; speaker: stance`; a bare stance is a speaker without a name."""
    parts = (part.rpartition(":") for part in cell.split(";") if part.strip())
    return tuple((name.strip(), stance.strip().lower()) for name, _, stance in parts)
