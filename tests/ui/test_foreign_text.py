"""What a visitor, a link or a file brought is shown as it is on every page: Streamlit marks nothing of it up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig
from nnplay.datasets import own_data
from nnplay.datasets.dataset import Dataset
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs import saved_run
from nnplay.server.link import NAMES
from nnplay.server.training_pages import TRAINING_PAGES
from nnplay.ui.text import plain
from tests import ROOT
from tests.ui.test_pages import open_app

#: Whatever Streamlit's Markdown makes something of; each names "evil".
MARKED_UP = (
    "www.evil.example/j", "m@evil.example", "http://evil.example", "[a](http://evil.example)", "![](http://evil/a.png)",
    ":red[evil]", ":material/evil:", "$evil$", "<b>evil</b>", "**evil**", "`evil`", "evil --> <-", "# evil",
)  # fmt: skip
#: What Streamlit shows without a look at Markdown: by message and field.
AS_IT_IS = {
    ("Selectbox", "options"), ("Selectbox", "raw_value"), ("MultiSelect", "options"), ("MultiSelect", "raw_values"),
    ("TextInput", "default"), ("TextInput", "value"), ("TextArea", "default"), ("TextArea", "value"),
    ("Code", "code_text"), ("BidiComponent", "json"), ("FileUploader", "value"), ("Heading", "anchor"),
    ("Arrow", "columns"), ("DownloadButton", "url"),
}  # fmt: skip
_LIVE = re.compile(
    r"www(?=\\?\.)|\\?:(?=\S)(?!\u2060)|@(?!\u2060)|-(?=\\?>)|(?<!\\)[\[\]<>$`*_]|^\s*#|^\s{4}", re.IGNORECASE
)


@pytest.mark.parametrize("text", MARKED_UP)
def test_nothing_in_plain_text_is_marked_up(text: str) -> None:
    assert _LIVE.search(text)
    assert not _LIVE.search(plain(text))
    assert re.sub(r"[\\\u2060]", "", plain(text)) == text


def test_plain_text_is_one_line() -> None:
    assert plain("  a\n# b\u202ec") == r"a \# b\\u202ec"


def strings(message: Message, name: str = "") -> Iterator[tuple[str, str, str]]:
    """Return every text in a message, with the names of the message and the field that hold it."""
    kind = message.DESCRIPTOR.name
    for field, value in message.ListFields():
        for each in value if not isinstance(value, (str, bytes, Message)) and hasattr(value, "__iter__") else [value]:
            if isinstance(each, Message):
                yield from strings(each)
            elif isinstance(each, str):
                yield kind, field.name, each


def live(app: AppTest) -> list[tuple[str, str, str]]:
    """Return what of the page holds hostile text that Streamlit would mark up."""
    found = []
    for element in _elements(app._tree):
        proto = getattr(element, "proto", None)
        if not isinstance(proto, Message):
            continue
        for kind, field, text in strings(proto):
            at = text.lower().find("evil")
            around = text[max(0, at - 40) : at + 40].replace("**", "")
            if at >= 0 and (kind, field) not in AS_IT_IS and _LIVE.search(around):
                found.append((kind, field, text))
    return found


def _elements(block: Any) -> Iterator[Any]:
    yield block
    for child in getattr(block, "children", {}).values():
        yield from _elements(child)


LINKED = (*(name for name in ExperimentConfig.__dataclass_fields__), *NAMES)


@pytest.mark.parametrize("first", range(0, len(MARKED_UP), 3))
@pytest.mark.parametrize("page", ["", "digits", "tabular"])
def test_a_link_marks_nothing_up(page: str, first: int) -> None:
    # Four notices are shown at most, so each link has few parts.
    names = [LINKED[(first + k) % len(LINKED)] for k in range(3)] if page else ["hide", "schedule", "dataset"]
    texts = (MARKED_UP * 2)[first : first + 3]
    app = open_app(**dict(zip(names, texts, strict=True)))
    if page:
        app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception
    if not page:
        assert len(app.toast) == 3
    assert live(app) == []


@pytest.mark.parametrize("name", LINKED)
def test_no_part_of_a_link_is_marked_up(name: str) -> None:
    for place in TRAINING_PAGES.values():
        for text in MARKED_UP:
            _, notices = place.read_link({name: text})
            assert not any(_LIVE.search(plain(notice)) for notice in notices)


def test_nine_hundred_unknown_values_in_a_link_are_one_notice() -> None:
    app = open_app(hide=",".join(f"x{k}" for k in range(900)))
    assert [toast.value for toast in app.toast] == [
        plain("What to hide in the link: “x0” and 899 more aren't among the choices. This part of the link is ignored.")
    ]


def test_a_link_of_nothing_but_mistakes_gives_few_notices() -> None:
    app = open_app(**dict.fromkeys(ExperimentConfig.__dataclass_fields__, "x" * 5000))
    notices = [toast.value for toast in app.toast]
    assert len(notices) == 4
    assert "more parts of the link can't be used" in notices[-1].replace("\\", "")
    assert max(map(len, notices)) < 400


def table_config(**more: Any) -> ExperimentConfig:
    rng = np.random.default_rng(0)
    names = MARKED_UP[:5]
    data = Dataset(rng.normal(size=(60, 5)) * [1, 9, 99, 1, 1], np.arange(60) % 3, feature_names=names,
                   class_names=MARKED_UP[5:8])  # fmt: skip
    return ExperimentConfig(
        dataset="table", points=own_data.encode(data, target=MARKED_UP[1], as_table=True), hidden_sizes=(2,), **more
    )


@pytest.mark.parametrize("more", [{}, {"log_target": True}, {"standardise": True}], ids=str)
def test_names_in_a_table_are_not_marked_up(more: dict[str, Any]) -> None:
    app = open_app(**table_config(**more).to_query())
    app.switch_page(str(ROOT / "pages" / "tabular.py")).run()
    assert not app.exception
    assert app.session_state["tabular.config"].dataset == "table"
    assert live(app) == []


def test_names_of_classes_on_the_plane_are_not_marked_up() -> None:
    data = Dataset(np.random.default_rng(0).normal(size=(30, 2)), np.arange(30) % 3, class_names=MARKED_UP[:3],
                   feature_names=MARKED_UP[3:5])  # fmt: skip
    app = open_app(dataset="own", points=own_data.encode(data))
    assert not app.exception
    assert live(app) == []


def _own_data_dialog() -> None:
    from nnplay.ui import on_page
    from nnplay.ui.dialogs import open_points

    with on_page.of("playground"):
        open_points.draw()


def _own_table_dialog() -> None:
    from nnplay.ui import on_page
    from nnplay.ui.dialogs import open_table

    with on_page.of("tabular"):
        open_table.draw()


@pytest.mark.parametrize("dialog", [_own_data_dialog, _own_table_dialog])
@pytest.mark.parametrize("first", range(0, len(MARKED_UP), 4))
def test_an_opened_table_marks_nothing_up(dialog: Any, first: int) -> None:
    header = ",".join(f'"{(MARKED_UP * 2)[first + k]}"' for k in range(4))
    rows = "\n".join(f"{k},{k * k % 7},{MARKED_UP[k % 3]},{MARKED_UP[k % 2]}" for k in range(20))
    app = AppTest.from_function(dialog, default_timeout=30).run()
    app.text_area[0].set_value(f"{header}\n{rows}").run()
    assert not app.exception
    assert live(app) == []
    app.text_area[0].set_value("\n".join(MARKED_UP)).run()
    assert not app.exception
    assert live(app) == []


@pytest.mark.parametrize("text", MARKED_UP)
def test_a_refused_file_is_told_without_markup(text: str) -> None:
    saved = json.loads(saved_run.to_json(Recording(ExperimentConfig(n_samples=40))))
    for path in (["format"], ["config", "activation"], ["config", "dataset"], ["optimizer", "name"], ["history", text]):
        broken = json.loads(json.dumps(saved))
        place = broken
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = text
        with pytest.raises((TypeError, ValueError)) as caught:
            saved_run.from_json(json.dumps(broken))
        assert "\n" not in str(caught.value)
        assert not _LIVE.search(plain(str(caught.value)))


def test_a_formula_is_told_without_markup() -> None:
    app = open_app(features="x1;x2")
    app.text_input(key="field.features.own").set_value("[a](http://evil.example); www.evil.example").run()
    assert not app.exception
    assert live(app) == []
