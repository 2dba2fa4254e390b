"""Who speaks for and against whom: the most quoted voices and what they say of each target."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from stance.dashboard.charts import others
from stance.dashboard.page import Context, block, empty, figure, go
from stance.dashboard.queries import voices
from stance.dashboard.words import TERMS

MOST = 20


def show(context: Context) -> None:
    """Draw the view."""
    st.subheader("Who is quoted, for and against whom")
    st.caption(
        "People and organisations as the outlets quote or paraphrase them; the outlets' own words are not here. "
        "A bubble's size is the number of paragraphs, its colour the stance. Click one to read.",
        help=TERMS["names"],
    )
    rows = context.board.ask(voices.holders, context.filters, MOST)
    if rows.empty:
        empty("No quoted voice here.", "Widen the choices on the left.")
        return

    def picked(point: Mapping[str, Any]) -> None:
        holder, _, target = str(point["key"]).partition("\n")
        go("read", target=target, holder=holder, voice="overall")

    targets = {target: context.named(target) for target in context.choices["targets"]}
    chart = others.voices(rows, targets, context.palette)
    figure("<b>Voices by target</b>", [chart], "voices", rows, context.palette, picked)
    _friends_and_foes(context, rows)


def _friends_and_foes(context: Context, rows: pd.DataFrame) -> None:
    """List who speaks most for and most against the chosen target."""
    toward = rows[rows["target"] == context.target]
    for column, side, title in zip(st.columns(2), ("against", "favor"), ("Against", "In favour of"), strict=True):
        with column:
            block("<b>{title} {target}</b>", title=title, target=context.named(context.target))
            top = toward[toward[side] > 0].sort_values([side, "quotes"], ascending=False).head(8)
            if top.empty:
                st.caption("Nobody among the most quoted.")
                continue
            table = top.assign(
                share=top[side] / top["quotes"], shown=top["shown"].where(top["shown"] != "", top["holder"])
            )
            st.dataframe(
                table[["shown", side, "quotes", "share", "side"]],
                hide_index=True,
                column_config={
                    "shown": "Voice",
                    side: title.split()[0] if side == "against" else "In favour",
                    "quotes": "Paragraphs",
                    "share": st.column_config.ProgressColumn("Share", format="percent", min_value=0, max_value=1),
                    "side": st.column_config.TextColumn("Belongs to", help=TERMS["side"]),
                },
            )
