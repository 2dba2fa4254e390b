"""Who speaks for and against whom: the most quoted voices and what they say of each target."""

import pandas as pd
import streamlit as st

from stance.dashboard import pieces
from stance.dashboard.charts import others
from stance.dashboard.page import Context, Picture, empty, figure, go
from stance.dashboard.queries import voices
from stance.dashboard.words import TERMS

MOST = 20


def show(context: Context) -> None:
    """Draw the view."""
    st.subheader("Who is quoted, for and against whom")
    st.caption(
        "People and organisations as the outlets quote, paraphrase or show them; the outlets' own words are not here. "
        "A bubble's size is the number of paragraphs, its colour the stance. Click one to read.",
        help=TERMS["names"],
    )
    rows = context.board.ask(voices.holders, context.filters, MOST)
    if rows.empty:
        empty("No quoted voice here.", "Widen the choices on the left.")
        return

    targets = {target: context.named(target) for target in context.choices["targets"]}
    picture = Picture(
        key="voices",
        heading="Voices by target",
        specs=[others.voices(rows, targets, context.palette)],
        data=rows,
        languages=context.unmeasured(),
    )
    figure(context, picture, _read)
    _friends_and_foes(context, rows)


def _read(point: str) -> None:
    """Open the paragraphs behind a bubble."""
    holder, _, target = point.removeprefix("voice:").partition("\n")
    go("read", target=target, holder=holder, voice="overall")


def _friends_and_foes(context: Context, rows: pd.DataFrame) -> None:
    """List who speaks most for and most against the chosen target."""
    toward = rows[rows["target"] == context.target]
    tags = pieces.tags(uncorrected=True, languages=context.unmeasured())
    for column, side, title in zip(st.columns(2), ("against", "favor"), ("Against", "In favour of"), strict=True):
        with column:
            st.html(pieces.caption(f"{title} {context.named(context.target)}", "", tags))
            top = toward[toward[side] > 0].sort_values([side, "quotes"], ascending=False).head(8)
            if top.empty:
                st.caption("Nobody among the most quoted.")
                continue
            shown = top.assign(
                shown=top["shown"].where(top["shown"] != "", top["holder"]), side=top["side"].map(context.named)
            )
            st.dataframe(
                shown[["shown", side, "quotes", "side"]],
                hide_index=True,
                column_config={
                    "shown": st.column_config.TextColumn("Voice", width=165),
                    side: st.column_config.NumberColumn(title.removesuffix(" of"), width=62),
                    "quotes": st.column_config.NumberColumn("Of all", width=50, help="Paragraphs in which it speaks."),
                    "side": st.column_config.TextColumn("Belongs to", width=80, help=TERMS["side"]),
                },
            )
