"""Open table: the first rows as they are read, each part of the dialect a choice, the other reading a click away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests import ROOT
from tests.datasets.test_table_layouts import FILES, SHARED, there_only


def dialog() -> AppTest:
    """Return what is in the dialog of the page of tables, with where a table is opened."""

    def page() -> None:
        from nnplay.ui import on_page
        from nnplay.ui.dialogs import open_table

        with on_page.of("tabular"):
            open_table.draw()

    return AppTest.from_function(page, default_timeout=30).run()


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app = app.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> dict[str, list[Any]]:
    """Return the rows in sight."""
    return {name: column.tolist() for name, column in app.dataframe[0].value.items()}


def choose(app: AppTest, label: str, value: Any) -> AppTest:
    return next(box for box in app.selectbox if box.label == label).set_value(value).run()


def press(app: AppTest, label: str) -> AppTest:
    app = next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


AMBIGUOUS = b"price;kind\n1,234;a\n2,345;b\n3,456;a\n9,876;b\n4,321;a\n5,678;b\n"


def test_where_two_readings_are_open_the_other_is_a_click_away_with_the_rows_in_sight() -> None:
    app = upload(dialog(), "prices.csv", AMBIGUOUS)
    assert shown(app)["price"][:2] == [1.234, 2.345]
    assert any("1,234" in caption.value and "1234" in caption.value for caption in app.caption)
    app = press(app, "Read it the other way")
    assert shown(app)["price"][:2] == [1234, 2345]
    app = press(app, "Back to automatic")
    assert shown(app)["price"][:2] == [1.234, 2.345]


def test_every_part_of_the_dialect_can_be_chosen() -> None:
    app = upload(dialog(), "prices", AMBIGUOUS)
    assert shown(choose(app, "Thousands separator", ","))["price"][0] == 1234
    app = choose(app, "Thousands separator", None)
    assert list(shown(choose(app, "Separator", ","))) == ["column 1", "column 2"]
    app = choose(app, "Separator", None)
    assert "column 1" in shown(choose(app, "First row", False))
    app = choose(app, "First row", None)
    app = app.number_input[0].set_value(1).run()
    assert list(shown(app)) == ["column 1", "column 2"]
    app = app.number_input[0].set_value(None).run()
    app = app.text_input[0].set_value("a, -999").run()
    assert shown(app)["kind"][1] == "b"
    assert shown(app)["kind"][0] != "a"
    app = app.text_input[0].set_value("").run()
    app = choose(app, "Encoding", "utf-16")
    assert any("can't be read" in error.value for error in app.error)
    assert shown(choose(app, "Encoding", "utf-8"))["price"][0] == 1.234


def test_a_second_upload_of_the_same_name_and_shape_is_the_second_files_data() -> None:
    first = b"x1,x2,y\n0.1,7,3\n0.2,3,6\n0.3,1,2\n0.4,5,2\n"
    second = b"x1,x2,y\n1.0,7,3\n2.0,3,6\n3.0,1,2\n4.0,5,2\n"
    app = dialog()
    assert shown(upload(app, "data.csv", first))["x1"][0] == 0.1
    assert shown(upload(app, "data.csv", second))["x1"][0] == 1.0


def test_what_is_no_table_is_refused_in_a_sentence_whatever_it_is_called() -> None:
    app = upload(dialog(), "table.csv", b"PK\x03\x04" + b"x" * 50)
    assert any("Excel workbook" in error.value for error in app.error)
    assert not app.dataframe


@there_only
@pytest.mark.parametrize("name", FILES if SHARED.exists() else ["none"])
def test_a_file_of_a_public_report_is_read_rightly_by_open_table(name: str) -> None:
    app = upload(dialog(), name, (SHARED / name).read_bytes())
    rows = shown(app)
    for column, values in FILES[name][1].items():
        got = rows[column][: len(values)]
        if isinstance(values[0], str):
            assert got == values[:5]
        else:
            np.testing.assert_allclose(np.array(got, dtype=float), values[:5])


def test_the_server_takes_no_larger_file_than_the_pages_do() -> None:
    import tomllib

    from nnplay.datasets.tables.table import MAX_BYTES
    from nnplay.experiment.saved_runs import saved_run

    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    assert settings["server"]["maxUploadSize"] * 1_000_000 == max(MAX_BYTES, saved_run.MAX_BYTES)
