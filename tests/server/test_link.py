"""What a link says besides the run, and the link that the share dialog makes."""

from __future__ import annotations

import base64
import difflib
import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay import ExperimentConfig
from nnplay.server import link
from nnplay.server.link import Link, View
from nnplay.server.training_pages import TRAINING_PAGES
from nnplay.ui.dialogs.share import MAX_QR_LINK, frame_line, qr_code
from tests import ROOT

DEFAULT = ExperimentConfig()

LINKS = [
    Link(),
    Link(hide=("data", "loss"), present=True),
    Link(view=View(0, "units", (2, 5))),
    Link(view=View(1, "units", (2, 0, 1), mode="3d")),
    Link(view=View(0, "pca", (0, 1), mode="morph")),
    Link(view=View(1, "pca", (0, 1)), preferences={"speed": "epoch:50", "log_scale": "true"}),
    Link(hide=tuple(link.GROUPS), preferences={"discretize": "true", "test_points": "false"}),
]


@pytest.mark.parametrize("said", LINKS, ids=str)
def test_what_a_link_says_comes_back(said: Link) -> None:
    assert link.read(said.to_query(), DEFAULT) == (said, [])


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("hide", "dta", "Did you mean “data”?"),
        ("hide", "data,dta", "Did you mean “data”?"),
        ("hide", "<script>alert(1)</script>", "” isn't among the choices"),
        ("hide", "DATA", "Did you mean “data”?"),
        ("hide", "\x00", "” isn't among the choices"),
        ("hide", "x" * 10_000, "” isn't among the choices"),
        ("hide", "__proto__", "” isn't among the choices"),
        ("present", "1", "; it must be one of true, false"),
        ("present", "yes", "; it must be one of"),
        ("present", "", "; it must be one of"),
        ("present", "TRUE", "Did you mean “true”?"),
        ("speed", "fast", "isn't among the choices"),
        ("speed", "epoch:0", "isn't among the choices"),
        ("speed", "epoch:-1", "isn't among the choices"),
        ("speed", "epoch:1e9", "isn't among the choices"),
        ("speed", "epoch:3", "isn't among the choices"),
        ("speed", "step:2", "isn't among the choices"),
        ("speed", "", "isn't among the choices"),
        ("speed", "epoch:1 ", "isn't among the choices"),
        ("discretize", "on", "; it must be one of"),
        ("test_points", "0", "; it must be one of"),
        ("log_scale", "null", "; it must be one of"),
        ("layer", "0", "; it must be from 1 to 2"),
        ("layer", "3", "; it must be from 1 to 2"),
        ("layer", "-1", "; it must be from 1 to 2"),
        ("layer", "1.5", "; it must be from 1 to 2"),
        ("layer", "1e0", "; it must be from 1 to 2"),
        ("layer", "٢", "; it must be from 1 to 2"),
        ("layer", "9" * 5000, "; it must be from 1 to 2"),
        ("layer", "", "; it must be from 1 to 2"),
        ("projection", "tsne", "; it must be one of"),
        ("projection", "PCA", "Did you mean “pca”?"),
        ("units", "1", "; it must be two unit numbers"),
        ("units", "1,2,3", "; it must be two unit numbers"),
        ("units", "0,1", "; it must be from 1 to 8"),
        ("units", "1,9", "; it must be from 1 to 8"),
        ("mode", "4d", "; it must be one of 2d, 3d, morph"),
        ("mode", "", "; it must be one of"),
        ("units", "a,b", "; it must be from 1 to 8"),
        ("units", ",", "; it must be from 1 to 8"),
    ],
)
def test_what_a_link_can_not_say_is_refused_in_a_sentence(name: str, value: str, said: str) -> None:
    read, notices = link.read({name: value}, DEFAULT)
    assert said in notices[0]
    assert notices[0].endswith("This part of the link is ignored.")
    assert len(notices[0]) < 250
    assert read in (Link(), Link(hide=("data",)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("n_samples", "١٢"), ("n_samples", "1_000"), ("n_samples", "４００"), ("seed", "1_0"), ("noise", "0_0.1"),
        ("learning_rate", "٠.١"), ("hidden_sizes", "٨,8"), ("batch_size", "১০"), ("activation", "elu(alpha=1_0)"),
        ("activation", "elu(alpha=٢)"), ("dataset", "blobs(classes=٤)"), ("schedule", "step(every=1_00)"),
    ],
)  # fmt: skip
def test_only_plain_digits_are_numbers(name: str, text: str) -> None:
    config, refusals = ExperimentConfig.from_query({name: text})
    assert config == DEFAULT
    assert len(refusals) == 1
    assert "must be" in refusals[0]


@pytest.mark.parametrize("name", [*ExperimentConfig.__dataclass_fields__, *link.NAMES])
@pytest.mark.parametrize(
    "text", ["1" + "A" * 100_000, "(" * 100_000, "1," * 50_000, "x;" * 50_000, "a(" + "b=1," * 30_000]
)
def test_the_nearest_choice_to_a_long_text_is_not_looked_for(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths = [0]
    closest = difflib.get_close_matches

    def note(text: str, *rest: Any, **options: Any) -> list[str]:
        lengths.append(len(text))
        return closest(text, *rest, **options)

    monkeypatch.setattr(difflib, "get_close_matches", note)
    config, refusals = ExperimentConfig.from_query({name: text})
    _, notices = link.read({name: text}, config)
    assert config == DEFAULT
    assert all(len(sentence) < 600 for sentence in refusals + notices)
    assert max(lengths) <= 40


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(link.NAMES),
        st.text(max_size=30) | st.sampled_from(["true", "data,loss", "epoch:5", "2", "pca", "1,2", "units"]),
    ),
    st.sampled_from([DEFAULT, ExperimentConfig(hidden_sizes=()), ExperimentConfig(hidden_sizes=(1,))]),
)
def test_any_link_gives_something_that_can_be_shown(query: dict[str, str], config: ExperimentConfig) -> None:
    said, notices = link.read(query, config)
    assert all(notice.endswith((".", "?")) and "\n" not in notice for notice in notices)
    assert link.read(said.to_query(), config) == (said, [])
    if said.view is not None:
        assert said.view.layer < len(config.hidden_sizes)
        assert max(said.view.units) < config.hidden_sizes[said.view.layer]


def test_a_link_keeps_every_speed_that_a_page_offers() -> None:
    stage = ROOT / "static" / "stage"
    offered = set()
    for unit, name, files in (
        ("step", "stepsPerFrame", "pages/*.js"),
        ("epoch", "EPOCHS_PER_FRAME", "controls/transport.js"),
    ):
        text = "".join(file.read_text(encoding="utf-8") for file in stage.glob(files))
        for numbers in re.findall(rf"{name}(?: =|:) \[([\d, ]+)\]", text):
            offered |= {f"{unit}:{number}" for number in numbers.split(", ")}
    assert {"step:10", "epoch:1"} <= offered <= set(link.SPEEDS)


@pytest.mark.parametrize(
    "kept",
    [None, [], "speed", {"speed": 1}, {"speed": "epoch:7"}, {"discretize": "yes"}, {"link": "x"}, {"logLoss": {}}],
    ids=str,
)
def test_what_a_browser_remembers_is_not_trusted(kept: object) -> None:
    assert link.preferences_of(kept) == {}


def test_what_a_browser_remembers_goes_into_a_link() -> None:
    kept = {"speed": "epoch:5", "discretize": True, "testPoints": False, "logLoss": True, "tab.numbers": "loss"}
    kept |= {"creases": True, "earlierBoundaries": True, "difference": "kept"}
    wanted = {"speed": "epoch:5", "discretize": "true", "test_points": "false", "log_scale": "true"}
    wanted |= {"creases": "true", "earlier": "true"}
    assert link.preferences_of(kept) == wanted


@pytest.mark.parametrize(
    ("page", "query", "said"),
    [
        (
            "digits",
            {"learning_rate": "abc"},
            "Learning rate in the link: “abc” isn't valid; it must be a number from 0 to 10000. Using 0.01 instead.",
        ),
        (
            "tabular",
            {"hidden_sizes": "4,x"},
            "“4,x” isn't valid; units in layer 2 must be a whole number from 1 to 512. Using 16, 16 instead.",
        ),
        ("tabular", {"dataset": "table"}, "The link doesn't contain its data; … Using Diabetes instead."),
        ("digits", {"dataset": "mnits"}, "Did you mean “mnist”? Using Digits, 8×8 instead."),
        ("playground", {"optimizer": "adam(beta=3)"}, "; adam takes beta_1, beta_2, epsilon. Using SGD instead."),
        ("playground", {"max_epochs": "-1"}, "Epochs in the link: “-1” … Using none instead."),
        ("digits", {"n_rows": "-1"}, "Training rows in the link: “-1” … Using all instead."),
        ("playground", {"activation": "elu(alpha=-2)"}, "; alpha must be a number … above 0. Using tanh instead."),
        (
            "playground",
            {"noise": "9\n" * 99},
            "Noise in the link: “9 9 … it must be a number from 0 to 1. Using 0.03 instead.",
        ),
    ],
)
def test_a_run_that_a_link_can_not_have_is_told_without_the_names_of_fields(
    page: str, query: dict[str, str], said: str
) -> None:
    config, (sentence,) = TRAINING_PAGES[page].read_link(query)
    assert re.search(".*".join(map(re.escape, said.split(" … "))), sentence), sentence
    assert "_sizes" not in sentence
    assert "_rate" not in sentence
    if "dataset" not in query:
        assert config == TRAINING_PAGES[page].begins_with


def test_a_link_whose_data_nobody_knows_stays_on_its_page() -> None:
    assert TRAINING_PAGES["digits"].sends_on({"dataset": "spiral"}) == "playground"
    assert TRAINING_PAGES["digits"].sends_on({"dataset": "mnits"}) is None
    assert TRAINING_PAGES["playground"].sends_on({"dataset": "mnist", "hidden_sizes": "x"}) == "digits"


def test_no_name_of_a_link_is_a_setting_of_the_run() -> None:
    assert not set(link.NAMES) & set(ExperimentConfig.__dataclass_fields__)


def test_a_qr_code_is_black_on_white_with_a_margin() -> None:
    image = qr_code("https://example.org/?dataset=moons")
    assert image is not None
    svg = base64.b64decode(image.partition(",")[2]).decode() if ";base64" in image else unquote(image)
    assert re.search("#000|black", svg)
    assert re.search("#fff|white", svg)


def test_a_link_too_long_for_a_qr_code_has_none() -> None:
    assert qr_code("https://example.org/?own=" + "x" * MAX_QR_LINK) is None
    assert qr_code("") is None


def test_the_frame_for_slides_has_the_link_in_it_and_nothing_breaks_out() -> None:
    line = frame_line('https://example.org/?a="><script>&b=1')
    assert "<script>" not in line
    source = re.search('src="([^"]*)"', line).group(1).replace("&amp;", "&")
    assert parse_qs(urlsplit(source).query)["embed"] == ["true"]
