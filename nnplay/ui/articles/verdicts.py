"""The verdicts on the articles' page: whether a claim holds, and how the rows of the tables compare."""

from __future__ import annotations

import streamlit as st

from nnplay.articles.evidence import judging, results
from nnplay.articles.evidence.article import Claim, Row, Table
from nnplay.ui.text import plain

#: Of a verdict: its icon and its colour.
_BADGES: dict[str, tuple[str, str]] = {
    judging.HOLDS: ("check_circle", "green"),
    judging.PARTLY: ("contrast", "orange"),
    judging.FAILS: ("cancel", "red"),
    results.AS_EXPECTED: ("check_circle", "green"),
    results.UNEXPECTED: ("cancel", "red"),
    "better": ("thumb_up", "blue"),
    "worse": ("thumb_down", "orange"),
}
#: How a claim is judged.
RULE = (
    "What the words mean: "
    + "; ".join(f"*{word}*, {meaning}" for word, meaning in judging.VERDICTS.items())
    + f". {judging.RULE}"
)
#: What the two kinds of verdict in the tables hold against what, in a line.
LEGEND = (
    "In the charts, a diamond marks the article's figure. *Better* and *worse* compare a row, seed by seed, with "
    "the row that its table names. *As expected* and *not as expected* compare it with our own limit, the "
    "triangle: what correct code must reach or, in a row about a mistake, what the mistake must cause."
)


def draw_claim(claim: Claim, made: results.Results) -> None:
    """Show what is claimed, whether it holds, how that was found, and why it is so."""
    with st.container(border=True):
        st.markdown(f"{_badge(judging.verdict(claim, made))} **{claim.says}**")
        lines = [judging.evidence(test, made) for test in claim.tests]
        st.markdown(_no_formula(claim.told_setup))
        if lines:
            st.markdown("\n".join(f"- {plain(line)}" for line in lines))
        st.markdown(f"*Why.* {_no_formula(judging.filled(claim.why, made))}")
        if claim.better:
            figures = [judging.told(figure, made) for figure in claim.figures]
            st.markdown(f"*With other settings.* {claim.better}")
            st.markdown("\n".join(f"- {plain(figure)}" for figure in figures if figure))


def draw(place: st.delta_generator.DeltaGenerator, table: Table, row: Row, made: results.Results, n_seeds: int) -> None:
    """Show how a row compares with its rival, and whether it keeps to our own bound, each where there is one."""
    values, rival = made.values(row), made.rival_values(row)
    lines = []
    if said := results.compared(values, rival, table.is_lower_better):
        n_better, n_worse = results.n_better_and_worse(values, rival, -1 if table.is_lower_better else 1)
        lines.append(_badge(said))
        lines.append(f":small[{n_better} of {len(values)} seeds better, {n_worse} worse]")
    if row.bound and values:
        lines.append(_badge(results.bound_verdict(table, row, values, n_seeds)))
        lines.append(f":small[{plain(results.asked(table, row))}]")
    if lines:
        place.markdown("  \n".join(lines))


def _no_formula(text: str) -> str:
    """Return `text` so that two dollar signs in it are amounts of money and no formula between them."""
    return text.replace("$", r"\$")


def _badge(verdict: str) -> str:
    icon, colour = _BADGES.get(verdict, ("info", "gray"))
    return f":{colour}-badge[:material/{icon}: {verdict.capitalize()}]"
