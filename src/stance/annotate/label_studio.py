"""Samples as tasks that Label Studio imports, its labelling screen, and its JSON export read back.

What belongs here: Label Studio's words. What does not: spreadsheets, checks against the sample (`labelling`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from stance.annotate.records import Drawn, Label

SCREEN = """<View>
  <Header value="$target: $description"/>
  <Text name="text" value="$text"/>
  <Header value="Stance toward $target: the paragraph as a whole"/>
  <Choices name="overall" toName="text" choice="single" required="true" showInline="true">
    <Choice value="against"/><Choice value="neutral"/><Choice value="favor"/><Choice value="absent"/>
  </Choices>
  <Header value="In the author's own voice"/>
  <Choices name="author" toName="text" choice="single" showInline="true">
    <Choice value="against"/><Choice value="neutral"/><Choice value="favor"/>
  </Choices>
  <Header value="Reported speakers, one a line: speaker: against, neutral or favor"/>
  <TextArea name="reported" toName="text" rows="3"/>
  <TextArea name="note" toName="text" placeholder="Remarks"/>
</View>
"""
"""The labelling screen, for the project's settings under Labeling Interface, Code."""


def to_tasks(drawn: Sequence[Drawn], *, show_model: bool = False) -> list[dict[str, Any]]:
    """Turn drawn pairs into tasks for the import of a project that has the screen `SCREEN`.

    Args:
        drawn: the pairs.
        show_model: whether to give the scorer's stance as a prediction; an annotator who sees it leans toward it.
    """
    return [_task(item, show_model) for item in drawn]


def _task(item: Drawn, show_model: bool) -> dict[str, Any]:
    data = {name: getattr(item, name) for name in ("paragraph_id", "target", "outlet", "published", "title", "text")}
    guess = {"from_name": "overall", "to_name": "text", "type": "choices", "value": {"choices": [item.predicted]}}
    prediction = {"model_version": item.scorer, "score": max(item.against, item.neutral, item.favor), "result": [guess]}
    return {"data": {**data, "description": item.title}, "predictions": [prediction] if show_model else []}


def from_export(tasks: Sequence[dict[str, Any]], annotator: str = "") -> Iterator[tuple[int, Label | str]]:
    """Read a JSON export of such a project.

    Args:
        tasks: the export's tasks.
        annotator: who labelled, for annotations that do not say so.

    Yields:
        1-based place of the task, with a label or with what is wrong, for each annotation that was not skipped.
    """
    for number, task in enumerate(tasks, 1):
        for annotation in task.get("annotations", ()):
            if not annotation.get("was_cancelled"):
                yield number, _label(task.get("data", {}), annotation, annotator)


def _label(data: dict[str, Any], annotation: dict[str, Any], annotator: str) -> Label | str:
    answers: dict[str, list[str]] = {}
    for result in annotation.get("result", ()):
        value = result["value"]
        answers.setdefault(result["from_name"], []).extend(value.get("choices") or value.get("text") or ())
    speakers = [
        line.rpartition(":") for text in answers.get("reported", ()) for line in text.splitlines() if line.strip()
    ]
    who = annotation.get("completed_by", "")
    try:
        return Label(
            paragraph_id=str(data["paragraph_id"]),
            target=str(data["target"]),
            annotator=str(who.get("email", who.get("id", "")) if isinstance(who, dict) else who) or annotator,
            overall=next(iter(answers.get("overall", ())), ""),
            author=next(iter(answers.get("author", ())), ""),
            reported=tuple((n.strip(), s.strip().lower()) for n, _, s in speakers) if "author" in answers else None,
            note=" ".join(answers.get("note", ())),
            time=str(annotation.get("created_at", "")),
        )
    except KeyError as missing:
        return f"the task's data has no {missing}"
    except ValueError as error:
        return str(error)
