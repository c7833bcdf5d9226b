"""The pages that train something: which data belong there, and what they train by default.

No Streamlit in here, so that it can be tested as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nnplay.datasets.own_data import OWN, TABLE
from nnplay.datasets.stored import STORED
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.presets import DIABETES, DIGITS_8X8
from nnplay.experiment.config.setting import DIGITS, PLAYGROUND, TABLES
from nnplay.experiment.config.url import read_query
from nnplay.refusal import Refusal
from nnplay.server.budget import check
from nnplay.server.link import refused


@dataclass(frozen=True)
class TrainingPage:
    """A page that trains something.

    Attributes
    ----------
    name : str
        Also of the page's address, and of its list of panels in ``static/stage/pages``.
    takes : callable
        Whether a data set, by its name without options, can be trained there.
    begins_with : ExperimentConfig
    groups : mapping of str to str
        What a link can hide there, where that isn't what it is on the playground: by the names of
        :data:`nnplay.server.link.GROUPS`.
    title : str
        What the menu calls it.
    is_in_address : bool
        Whether the page's address says what run is on it.
    """

    name: str
    takes: Callable[[str], bool]
    begins_with: ExperimentConfig = field(default_factory=ExperimentConfig)
    groups: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    is_in_address: bool = True

    def accepts(self, dataset: str) -> bool:
        """Return whether a data set can be trained there; a name that nobody knows is for others to refuse."""
        return self.takes(dataset.partition("(")[0])

    def read_link(self, query: Mapping[str, str]) -> tuple[ExperimentConfig, list[str]]:
        """Return the run that a link describes, and for each part of it that was dropped a sentence to a visitor.

        A link that doesn't say what data to learn changes what the page begins with.
        """
        linked, refusals = read_query(self.begins_with if "dataset" not in query else ExperimentConfig(), query, check)
        if not self.accepts(linked.dataset):
            others = {name: text for name, text in query.items() if name != "dataset"}
            elsewhere = Refusal("dataset", "must be one for this page", plainly="belong on another page")
            why = refusals.get("dataset", elsewhere)
            linked, refusals = read_query(self.begins_with, others if "dataset" in refusals else {}, check)
            refusals = {"dataset": why, **refusals}
        return linked, [refused(name, query[name], why, linked) for name, why in refusals.items()]

    def sends_on(self, query: Mapping[str, str]) -> str | None:
        """Return the page that a link's data belong to, if that is another one; unknown data are refused here."""
        asked = query.get("dataset", self.begins_with.dataset)
        linked = ExperimentConfig.from_query(query)[0]
        if self.accepts(asked) or linked.dataset.partition("(")[0] != asked.partition("(")[0]:
            return None
        belongs_to = page_of(linked).name
        return belongs_to if belongs_to != self.name else None


_DIGITS_GROUPS = {
    "diagram": "Weights of the first layer",
    "boundary": "Worst mistakes",
    "hidden": "Last hidden layer",
    "loss": "Curves and measures",
}

_TABULAR_GROUPS = {
    "diagram": "Simple models",
    "boundary": "Measures",
    "hidden": "Effect of each column",
    "loss": "Loss and layers",
}


def _has_images(dataset: str) -> bool:
    return dataset in STORED and STORED[dataset].image_shape is not None


def _is_table(dataset: str) -> bool:
    return dataset in STORED and STORED[dataset].image_shape is None


TRAINING_PAGES = {
    page.name: page
    for page in (
        TrainingPage(PLAYGROUND, lambda dataset: dataset not in STORED and dataset != TABLE, title="Playground"),
        TrainingPage(DIGITS, _has_images, DIGITS_8X8.config, _DIGITS_GROUPS, "Digits"),
        TrainingPage(
            TABLES,
            lambda dataset: dataset == TABLE or _is_table(dataset),
            DIABETES.config,
            _TABULAR_GROUPS,
            "Tables",
        ),
        # Last: every run belongs on one of those above, too.
        TrainingPage("lessons", lambda dataset: True, title="Lessons", is_in_address=False),
    )
}


def page_of(config: ExperimentConfig) -> TrainingPage:
    """Return the page where a run belongs; the playground takes what nobody else does."""
    if config.dataset == OWN:
        return TRAINING_PAGES[PLAYGROUND]
    return next((page for page in TRAINING_PAGES.values() if page.accepts(config.dataset)), TRAINING_PAGES[PLAYGROUND])
