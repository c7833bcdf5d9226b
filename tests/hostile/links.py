"""Links: each part of them anything at all, or of another link."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from random import Random
from typing import Any

import numpy as np

from nnplay import ExperimentConfig
from nnplay.datasets import own_data
from nnplay.datasets.dataset import Dataset
from nnplay.refusal import Refusal
from nnplay.server import link, moments
from nnplay.server.training_pages import TRAINING_PAGES
from tests.hostile import values
from tests.hostile.case import Case, Unused
from tests.hostile.saved_runs import config_of

FIELDS = tuple(ExperimentConfig.__dataclass_fields__)
#: Most parameters times samples that are trained here.
MOST_WORK = 3e7


def case(random: Random) -> Case:
    """Return a link."""
    query = query_of(random)
    n_bytes = sum(len(name) + len(text) for name, text in query.items())
    return Case(f"{query!r:.300}", n_bytes, lambda: _read(query), _use)


def query_of(random: Random) -> dict[str, str]:
    """Return what a link asks for."""
    query = config_of(random).to_query() if random.random() < 0.5 else {}
    for _ in range(random.choice((1, 1, 2, 4, 12))):
        name = random.choice((*FIELDS, *link.NAMES, moments.NAME))
        kind = random.random()
        if kind < 0.15:
            query[name] = values.long_text(random, 60_000)
        elif kind < 0.3:
            query[name] = ",".join(values.text(random) for _ in range(random.choice((2, 900))))
        elif kind < 0.45:
            query[name] = _call(random)
        elif kind < 0.55:
            query[name] = random.choice((_own(random), _damaged(random, _own(random))))
        elif kind < 0.7 and query:
            query[name] = _damaged(random, random.choice(list(query.values())))
        else:
            query[name] = values.text(random)
    return query


def _call(random: Random) -> str:
    name = random.choice(
        ("elu", "spiral", "blobs", "step", "cosine", "normal", "adam", "rmsprop", "formula", "leaky_relu")
    )
    key = random.choice(
        ("alpha", "arms", "classes", "every", "epochs", "std", "beta_1", "epsilon", "f", "slope", "gamma")
    )
    number = random.choice(
        ("0", "1", "-1", "2", "1e308", "1e-320", "9" * 30, "nan", "'x1*x2'", "True", "1_0", "[1]", "x", "")
    )
    return f"{name}({key}={number}{random.choice((')', '', ',)', ', ' + key + '=1)', '))'))}"


def _own(random: Random) -> str:
    rng = np.random.default_rng(random.randrange(1000))
    n, k = random.choice((4, 40, 500)), random.choice((1, 2, 5))
    X = rng.normal(size=(n, k)) * 10.0 ** random.choice((-30, -3, 0, 3, 5))
    y = np.arange(n) % random.choice((2, 3)) if random.random() < 0.5 else rng.normal(size=n)
    return own_data.encode(
        Dataset(X, y, "regression" if y.dtype.kind == "f" else "classification"), as_table=random.random() < 0.5
    )


def _damaged(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + values.text(random, 2) + text[at + random.choice((0, 1, 5)) :]


def _read(query: dict[str, str]) -> list[tuple[ExperimentConfig, link.Link]]:
    place = list(TRAINING_PAGES.values())[len(query) % len(TRAINING_PAGES)]
    place.sends_on(query)
    config, notices = place.read_link(query)
    said, more = link.read(query, config)
    if moments.NAME in query:
        with contextlib.suppress(Refusal):
            moments.from_link(query[moments.NAME], config)
    for notice in notices + more:
        if not notice.isprintable() or len(notice) > 400:
            raise AssertionError(f"a notice must be a short line: {notice!r}")
    return [(config, said)]


def _use(read: Any) -> None:
    for config, said in read:
        again, refusals = ExperimentConfig.from_query(config.to_query())
        assert (again, refusals) == (config, []), "the link of a link's run says something else"
        assert ExperimentConfig.from_dict(config.to_dict()) == config
        assert link.read(said.to_query(), config) == (said, [])
        train(config)


def train(config: ExperimentConfig) -> None:
    """Build a configuration and train a step."""
    sizes = config.layer_sizes
    work = sum(a * b for a, b in itertools.pairwise(sizes)) * config.data.facts.size
    if work > MOST_WORK or config.dataset in ("mnist", "california"):
        raise Unused
    session = dataclasses.replace(config, batch_size=min(config.batch_size or 10, 10)).build()
    session.step()
    assert np.isfinite(session.network.parameters).all() or session.divergence
