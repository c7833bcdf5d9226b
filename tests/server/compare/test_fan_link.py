"""A fan as a link, and what a server that others use can't take."""

from __future__ import annotations

import pytest

from nnplay import ExperimentConfig
from nnplay.refusal import Refusal
from nnplay.server.compare.fan_link import FanSettings, check_fan, from_query, to_query
from nnplay.server.setting_words import refusal_words


@pytest.mark.parametrize(
    "settings",
    [FanSettings(), FanSettings(64, 0.5, True), FanSettings(n_seeds=17), FanSettings(target=-0.25)],
)
def test_a_link_is_read_as_it_was_written(settings: FanSettings) -> None:
    assert from_query(to_query(settings)) == (settings, [])


def test_only_what_is_unusual_is_in_a_link() -> None:
    assert to_query(FanSettings()) == {}
    assert to_query(FanSettings(48, 0.925, True)) == {"seeds": "48", "target": "0.925", "fresh_data": "true"}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"seeds": "0"}, "Seeds in the link: “0” must be a whole number from 16 to 64. Using 32 instead."),
        ({"seeds": "1e9"}, "Seeds in the link: “1e9” must be a whole number from 16 to 64. Using 32 instead."),
        ({"seeds": "65"}, "Seeds in the link: “65” must be a whole number from 16 to 64. Using 32 instead."),
        (
            {"target": "nan"},
            "Target in the link: “nan” must be a number from -1 to 1, such as 0.95. Using 0.95 instead.",
        ),
        ({"target": "95"}, "Target in the link: “95” must be a number from -1 to 1, such as 0.95. Using 0.95 instead."),
        ({"fresh_data": "yes"}, "Fresh data in the link: “yes” must be true or false. Using false instead."),
    ],
)
def test_what_is_wrong_in_a_link_is_said_and_the_rest_is_taken(query: dict[str, str], says: str) -> None:
    settings, notices = from_query({"seeds": "20", "target": "0.9"} | query)
    assert notices == [says]
    expected = {"seeds": 20, "target": 0.9} | dict.fromkeys(query)
    assert settings.n_seeds == (expected["seeds"] or 32)
    assert settings.target == (expected["target"] or 0.95)


def test_what_is_too_much_is_refused_with_what_fits() -> None:
    check_fan(ExperimentConfig(hidden_sizes=(8, 8)), 64)
    with pytest.raises(Refusal) as refused:
        check_fan(ExperimentConfig(hidden_sizes=(44, 44)), 64)
    assert (
        refusal_words(refused.value, "Seeds")
        == "Seeds must be at most 48 for this network; got 64. It is trained once for each seed."
    )
    with pytest.raises(Refusal) as refused:
        check_fan(ExperimentConfig(hidden_sizes=(64,) * 8), 16)
    assert refused.value.argument == "hidden_sizes"
    assert "16 seeds" in refusal_words(refused.value)
