"""The glossary in the texts that Streamlit writes."""

import re

from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.ui.form.help_text import help_text, shown_on
from nnplay.ui.glossary import linked, terms
from tests import ROOT

PANEL_IDS = set(
    re.findall(r"id: '([\w-]+)', title:", "".join(p.read_text() for p in (ROOT / "static").rglob("*_panel.js")))
)


def test_what_shows_a_term_is_there() -> None:
    assert len(terms()) > 50
    for term in terms():
        kind, _, name = term.get("seen", "").partition(":")
        assert not kind or name in {"field": SETTINGS.keys(), "panel": PANEL_IDS}[kind], term["name"]


def test_terms_are_links_where_they_stand_first() -> None:
    text = linked("The loss of a batch. Loss: `x1` (step). A penalty.", "Penalty rate")
    assert text == "The [loss](#nnplay-term=loss) of a [batch](#nnplay-term=batch). Loss: `x1` (step). A penalty."


def test_a_help_offers_to_show_what_it_says() -> None:
    said = help_text("learning_rate", PLAYGROUND) or ""
    assert said.endswith("[Show me](#nnplay-show=learning_rate.1)")
    assert "[learning rate]" not in said
    told = {row["setting"]: row for row in shown_on(PLAYGROUND)}
    assert told["learning_rate"]["live"]
    assert [show["values"] for show in told["learning_rate"]["shows"]] == [
        {"learning_rate": 0.0003},
        {"learning_rate": 3.0},
    ]
    assert not told["hidden_sizes"]["live"]
    assert "n_rows" not in told
