"""What a link says besides the run, and the link that the share dialog makes."""

from __future__ import annotations

import base64
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay import ExperimentConfig
from nnplay.experiment.hidden_space import View
from nnplay.ui import link
from nnplay.ui.link import Link
from nnplay.ui.share import MAX_QR_LINK, frame_line, qr_code

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
        ("hide", "dta", "Did you mean 'data'?"),
        ("hide", "data,dta", "Did you mean 'data'?"),
        ("hide", "<script>alert(1)</script>", "hide must be one of"),
        ("hide", "DATA", "Did you mean 'data'?"),
        ("hide", "\x00", "hide must be one of"),
        ("hide", "x" * 10_000, "hide must be one of"),
        ("hide", "__proto__", "hide must be one of"),
        ("present", "1", "present must be one of 'true', 'false'"),
        ("present", "yes", "present must be one of"),
        ("present", "", "present must be one of"),
        ("present", "TRUE", "Did you mean 'true'?"),
        ("speed", "fast", "speed must be one of"),
        ("speed", "epoch:0", "speed must be one of"),
        ("speed", "epoch:-1", "speed must be one of"),
        ("speed", "epoch:1e9", "speed must be one of"),
        ("speed", "epoch:3", "speed must be one of"),
        ("speed", "step:2", "speed must be one of"),
        ("speed", "", "speed must be one of"),
        ("speed", "epoch:1 ", "speed must be one of"),
        ("discretize", "on", "discretize must be one of"),
        ("test_points", "0", "test_points must be one of"),
        ("log_scale", "null", "log_scale must be one of"),
        ("layer", "0", "layer must be from 1 to 2"),
        ("layer", "3", "layer must be from 1 to 2"),
        ("layer", "-1", "layer must be from 1 to 2"),
        ("layer", "1.5", "layer must be from 1 to 2"),
        ("layer", "1e0", "layer must be from 1 to 2"),
        ("layer", "٢", "layer must be from 1 to 2"),
        ("layer", "9" * 5000, "layer must be from 1 to 2"),
        ("layer", "", "layer must be from 1 to 2"),
        ("projection", "tsne", "projection must be one of"),
        ("projection", "PCA", "Did you mean 'pca'?"),
        ("units", "1", "units must be two numbers"),
        ("units", "1,2,3", "units must be two numbers"),
        ("units", "0,1", "units must be from 1 to 8"),
        ("units", "1,9", "units must be from 1 to 8"),
        ("mode", "4d", "mode must be one of '2d', '3d', 'morph'"),
        ("mode", "", "mode must be one of"),
        ("units", "a,b", "units must be from 1 to 8"),
        ("units", ",", "units must be from 1 to 8"),
    ],
)
def test_what_a_link_can_not_say_is_refused_in_a_sentence(name: str, value: str, said: str) -> None:
    read, notices = link.read({name: value}, DEFAULT)
    assert said in notices[0]
    assert len(notices[0]) < 400
    assert read in (Link(), Link(hide=("data",)))


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


@pytest.mark.parametrize(
    "kept",
    [None, [], "speed", {"speed": 1}, {"speed": "epoch:7"}, {"discretize": "yes"}, {"link": "x"}, {"logLoss": {}}],
    ids=str,
)
def test_what_a_browser_remembers_is_not_trusted(kept: object) -> None:
    assert link.preferences_of(kept) == {}


def test_what_a_browser_remembers_goes_into_a_link() -> None:
    kept = {"speed": "epoch:5", "discretize": True, "testPoints": False, "logLoss": True, "tab.numbers": "loss"}
    wanted = {"speed": "epoch:5", "discretize": "true", "test_points": "false", "log_scale": "true"}
    assert link.preferences_of(kept) == wanted


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
