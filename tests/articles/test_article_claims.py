"""Whether the articles' claims hold: the rule, and what it makes of the stored figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nnplay.articles import ARTICLES
from nnplay.articles.evidence import judging, results
from nnplay.articles.evidence.article import Article, Bound, Claim, Test
from nnplay.articles.weather import VARIANTS
from tests import ROOT

STORED = results.read()
#: As the reasons on the page are written for; the rule makes them of what is stored.
SAID = {
    "moons": ["holds", "does not hold", "holds"],
    "digits": ["holds", "does not hold"],
    "four-rows": ["holds", "holds", "not tested"],
    "layer-table": ["does not hold", "does not hold", "does not hold", "holds", "holds", "partly"],
    "from-zero": ["holds", "holds", "partly", "holds", "holds", "holds", "holds", "does not hold"],
}


def results_of(**values: tuple[float, ...]) -> results.Results:
    return results.Results({key: results.Result((), 0, {"m": one}) for key, one in values.items()})


def test_a_claim_is_judged_by_its_tests_alone() -> None:
    figure = Test("t", "percent", "a", "m", claimed=0.9)
    claim = Claim("c", "s", (figure,), "w")
    for values, said in {
        (0.885, 0.95, 0.8): "holds",  # two points below count
        (0.885, 0.8, 0.8): "partly",
        (0.875, 0.8, 0.8): "does not hold",
    }.items():
        assert judging.verdict(claim, results_of(a=values)) == said
    both = replace(claim, tests=(figure, replace(figure, claimed=None, bound=Bound("lowest", low=0.99))))
    assert judging.verdict(both, results_of(a=(0.95,))) == "partly"
    assert judging.verdict(replace(claim, tests=()), results_of(a=(0.95,))) == "not tested"
    assert judging.verdict(claim, results_of(b=(0.95,))) == "not tested"


def test_a_claimed_error_agrees_up_to_a_tenth_more() -> None:
    test = Test("t", "loss", "a", "m", claimed=0.36)
    assert [judging.grade(test, results_of(a=(value,))) for value in (0.1, 0.39, 0.40)] == [1, 1, 0]


def test_a_claim_to_be_better_than_another_experiment_is_held_against_chance() -> None:
    zeros, ones = (0.0,) * 8, (1.0,) * 8
    assert results.compared(ones, zeros, False) == "better"
    assert results.compared(ones, zeros, True) == "worse"
    assert results.compared((1.0, 1.0, 1.0, -1.0, 0.0), zeros, False) == "no clear difference"
    assert results.compared(ones, (), False) == ""
    assert results.n_better_and_worse((1.0, 2.0, 3.0), (1.0, 3.0, 2.0)) == (1, 1)
    # Of 8 fair coins all fall alike in 2 of 256 cases, of 5 in 2 of 32.
    assert (results.unlikely(8, 0), results.unlikely(0, 5), results.unlikely(0, 0)) == (True, False, False)
    test = Test("t", "percent", "a", "m", rival="b")
    assert judging.grade(test, results_of(a=ones, b=zeros)) == 1
    assert judging.grade(test, results_of(a=zeros, b=ones)) == 0
    assert judging.grade(test, results_of(a=ones[:3], b=zeros[:3])) is None


CLAIMS = [(article, claim) for article in ARTICLES.values() for claim in article.claims]


@pytest.mark.parametrize(("article", "claim"), CLAIMS, ids=lambda one: one.says[:40] if isinstance(one, Claim) else "")
def test_every_claim_has_a_word_of_the_rule_and_figures_that_are_stored(article: Article, claim: Claim) -> None:
    made = STORED[article.key]
    verdict = judging.verdict(claim, made)
    assert verdict in judging.VERDICTS
    assert (verdict == "not tested") == (not claim.tests)
    for test in claim.tests:
        asked = (test.claimed, test.bound, test.rival, test.rival_measure)
        assert sum(one is not None for one in asked) == 1
        assert "not run" not in judging.evidence(test, made)
    assert all(judging.told(figure, made) for figure in claim.figures)
    why = judging.filled(claim.why, made)
    assert "{" not in why
    assert "not run" not in why
    assert not [word for word in ("article 00", "Article 00") if word in claim.says + claim.setup + why + claim.better]


def test_the_verdicts_are_those_that_the_texts_explain() -> None:
    """Each reason is written for one verdict: if the stored figures come to another, the text must be read again."""
    said = {key: [judging.verdict(claim, STORED[key]) for claim in article.claims] for key, article in ARTICLES.items()}
    assert said == SAID


def test_worse_is_said_of_the_same_data_only() -> None:
    """What is compared seed by seed has the same seeds, so the same data, and as many of them."""
    for article in ARTICLES.values():
        made = STORED[article.key].experiments
        for row in article.rows:
            assert row.rival is None or made[row.experiment].seeds == made[row.rival].seeds
        for claim in article.claims:
            for test in claim.tests:
                assert test.rival is None or made[test.experiment].seeds == made[test.rival].seeds


def test_the_housing_claim_holds_on_the_authors_target_and_the_logarithm_does_not() -> None:
    holds, logarithm = ARTICLES["from-zero"].claims[-2:]
    made = STORED["from-zero"]
    assert "0.36" in holds.says
    assert judging.verdict(holds, made) == "holds"
    assert judging.verdict(logarithm, made) == "does not hold"
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    assert "larger than that of always predicting the mean" not in text


def test_ten_times_the_iterations_show_the_mistakes_together_but_not_which_slope_is_right() -> None:
    """What the page says of them."""
    made = STORED["moons"].experiments

    def said(first: str, second: str, length: str) -> str:
        one, other = (made[key].measures[f"test_{length}"] for key in (first, second))
        return results.compared(one, other, lower_is_better=False)

    for length in ("short", "long"):
        assert said("right", "printed", length) == "better"
        assert said("printed_right_slope", "printed", length) != "better"
        assert said("right", "wrong", length) == "no clear difference"


def test_on_the_weather_a_lower_cost_is_no_better_accuracy_and_with_one_seed_of_the_moons_only_dropout_learns() -> None:
    """What the page says of the ends of these runs."""
    made = STORED["layer-table"].experiments
    plain = made["weather_plain"].measures["test"]
    for variant in ("mini_batches", "momentum", "adam"):
        assert results.compared(made[f"weather_{variant}"].measures["test"], plain, False) == "no clear difference"
    at_end = {variant: made[f"moons_{variant}"].measures["test"] for variant in VARIANTS}
    fail = {variant: [seed for seed, value in enumerate(values) if value < 0.6] for variant, values in at_end.items()}
    assert fail == {variant: [] if variant == "dropout" else [6] for variant in fail}
