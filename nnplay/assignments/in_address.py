"""An assignment in a page's address: what run it opens, and what the page is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from nnplay.assignments.assignment import MEASURES, NAME, Assignment
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
from nnplay.experiment.config.url import read_query, to_text
from nnplay.refusal import Refusal
from nnplay.server import moments
from nnplay.server.budget import check
from nnplay.server.link import refused
from nnplay.server.moments import Moment
from nnplay.server.setting_words import capital, field_word
from nnplay.server.training_pages import TrainingPage, page_of
from nnplay.validation import shown

__all__ = ["NAME", "NO_EDITS", "address", "check_moment", "from_link", "read", "sends_on", "told_besides"]

#: Why no weight may be set by hand.
NO_EDITS = "Weights can't be set by hand here: the assignment locks them."


def read(query: Mapping[str, str], page: TrainingPage) -> tuple[Assignment | None, ExperimentConfig, list[str]]:
    """Return the assignment of an address if it has one, the run, and for each part that was dropped a sentence.

    A setting that the assignment locks is as it says there, whatever else the address says.
    """
    if NAME not in query:
        return None, *page.read_link(query)
    try:
        assignment = Assignment.from_text(query[NAME])
    except Refusal as why:
        config, notices = page.read_link({name: text for name, text in query.items() if name != NAME})
        return None, config, [f"The assignment in the link {why.plainly}. Ask for the link again.", *notices]
    if not page.accepts(assignment.config.dataset):
        return None, *page.read_link({})
    wanted, refusals = read_query(assignment.config, query, check)
    notices = [refused(name, query[name], why, wanted) for name, why in refusals.items()]
    if names := assignment.changed(wanted):
        words = ", ".join(map(field_word, names))
        notices.append(f"{capital(words)} in the link: fixed by the assignment, so that part of the link is ignored.")
        wanted = _kept(assignment, wanted)
    return assignment, wanted, notices


def _kept(assignment: Assignment, wanted: ExperimentConfig) -> ExperimentConfig:
    try:
        kept = assignment.kept(wanted)
        check(kept)
    except Refusal:  # the rest was made for what is locked to be otherwise
        return assignment.config
    return kept


def sends_on(query: Mapping[str, str], page: TrainingPage) -> str | None:
    """Return the page that an address belongs to, if that is another one."""
    if NAME not in query:
        return page.sends_on(query)
    try:
        belongs_to = page_of(Assignment.from_text(query[NAME]).config)
    except Refusal:
        return None
    return belongs_to.name if belongs_to is not page else None


def address(assignment: Assignment, config: ExperimentConfig) -> dict[str, str]:
    """Return what an address says of an assigned run: the assignment, and the settings that are other than there."""
    changed = {name: to_text(SETTINGS[name], getattr(config, name)) for name in differing(config, assignment.config)}
    return {NAME: assignment.to_text(), **changed}


def check_moment(assignment: Assignment, moment: Moment) -> None:
    """Raise a Refusal if a link tells of a run in which something locked was changed."""
    try:
        assignment.check_recipe(moment.recipe)
    except Refusal as why:
        raise Refusal(moments.NAME, "must leave what is locked", plainly="touch what the assignment locks") from why


def told_besides(assignment: Assignment | None) -> Callable[[ExperimentConfig], dict[str, Any]]:
    """Return what tells the browser of a run what it is to reach; of one that isn't assigned, nothing."""
    if assignment is None:
        return lambda config: {}
    goal = assignment.goal
    told = {
        "title": assignment.title,
        "task": assignment.task,
        "measure": MEASURES[goal.measure],
        "is_loss": goal.measure == "loss",
        "value": goal.value,
        "on_test": assignment.measured_on == "test",
        "most_units": goal.most_units,
        "most_epochs": goal.most_epochs,
        "most_parameters": goal.most_parameters,
        "why_no_layers": "The hidden layers are fixed by the assignment" if assignment.lock_of("hidden_sizes") else "",
    }

    def tell(config: ExperimentConfig) -> dict[str, Any]:
        taken = {"units": sum(config.hidden_sizes), "parameters": config.n_parameters}
        return {"assignment": told | taken, "undrawable": "The data are fixed by the assignment"}

    return tell


def from_link(link: str) -> Assignment:
    """Return the assignment of a link, or of what a link has of it.

    Raises
    ------
    Refusal
        If it has none.
    """
    try:
        found = parse_qs(urlsplit(link).query, max_num_fields=200).get(NAME) if "?" in link else [link]
    except ValueError:  # an address that is none
        found = None
    if not found:
        raise Refusal(NAME, f"must be a link with {NAME}=…", shown(link), plainly="isn’t in this link")
    return Assignment.from_text(found[0])
