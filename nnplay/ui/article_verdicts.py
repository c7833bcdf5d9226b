"""The verdicts in the rows of the articles' page: against the article's claim, and against our own bound."""

from __future__ import annotations

import streamlit as st

from nnplay.articles import results
from nnplay.articles.article import Row, Table
from nnplay.ui.text import plain

#: Of a verdict: its icon and its colour.
_BADGES: dict[str, tuple[str, str]] = {
    "reached": ("check_circle", "green"),
    "missed": ("cancel", "red"),
    "better than the claim": ("thumb_up", "blue"),
    "worse than the claim": ("thumb_down", "orange"),
    "worse": ("thumb_down", "orange"),
    "as claimed": ("drag_handle", "blue"),
}
#: What the two kinds of verdict hold against what, in a line.
LEGEND = (
    "How to read the verdicts: *as claimed*, *better* and *worse* hold our seeds against the article (the diamond in "
    "the chart); *reached* and *missed* hold them against a bound of our own for a correct engine, which stands below "
    "the verdict (the triangle)."
)


def draw(place: st.delta_generator.DeltaGenerator, table: Table, row: Row, made: results.Results, n_seeds: int) -> None:
    """Show how a row lies to the article's claim, and whether it keeps to our own bound, each where there is one."""
    values, rival = made.values(row), made.rival_values(row)
    lines = []
    if against_article := results.compared(row, values, table.is_lower_better, rival):
        lines.append(_badge(against_article))
    if row.rival and rival:
        n_better, n_worse = results.n_better_and_worse(values, rival, -1 if table.is_lower_better else 1)
        lines.append(f":small[{n_better} of {len(values)} seeds better, {n_worse} worse]")
    if row.bound and values:
        lines.append(_badge(results.bound_verdict(table, row, values, n_seeds)))
        lines.append(f":small[{plain(results.asked(table, row))}]")
    if lines:
        place.markdown("  \n".join(lines))


def _badge(verdict: str) -> str:
    icon, colour = _BADGES.get(verdict, ("info", "gray"))
    return f":{colour}-badge[:material/{icon}: {verdict.capitalize()}]"
