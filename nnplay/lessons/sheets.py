"""What is printed of a lesson: a worksheet for the reader, and a key for the teacher. One HTML file each, by itself.

They hold no script and name nothing outside; every text is escaped. The browser prints them, or makes a PDF of them.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

import numpy as np

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.lessons import measures
from nnplay.lessons.lesson import N_SEEDS, Boundary, Choice, Claim, Lesson, Number, Step, Text, text
from nnplay.lessons.rich_text import to_html

#: What is ours on the sheets, by language; in any other it is English.
_LABELS = {
    "en": {
        "name": "Name",
        "date": "Date",
        "key": "Teacher’s key",
        "minutes": "{n} minutes",
        "goal": "Goal",
        "before": "Before you run it",
        "draw": "Draw it here:",
        "run": "Run it",
        "saw": "What I saw:",
        "why": "Why? In one sentence:",
        "next": "And now",
        "then": "Found:",
        "right": "Right answer",
        "measured": "what is measured in the run ({what}), give or take {tolerance}",
        "near": "{value}, give or take {tolerance}",
        "drawn": "The page holds the drawing against the trained boundary.",
        "wrong": "To whoever chose “{answer}”",
        "because": "Why",
        "notes": "Notes",
        "compared": "Runs that are compared",
        "shows": "What the run shows",
        "settings": "Settings",
        "epochs": "{n} epochs",
        "in": "in at least {n} of 5 runs",
        "at": "at epoch {n}",
    },
    "de": {
        "name": "Name",
        "date": "Datum",
        "key": "Für die Lehrkraft",
        "minutes": "{n} Minuten",
        "goal": "Ziel",
        "before": "Bevor du es startest",
        "draw": "Zeichne hier:",
        "run": "Starte es",
        "saw": "Das habe ich gesehen:",
        "why": "Warum? In einem Satz:",
        "next": "Und jetzt du",
        "then": "Zu sehen:",
        "right": "Richtige Antwort",
        "measured": "was beim Training herauskommt ({what}), {tolerance} mehr oder weniger",
        "near": "{value}, {tolerance} mehr oder weniger",
        "drawn": "Die Seite vergleicht die Zeichnung mit der gelernten Grenze.",
        "wrong": "Wenn jemand „{answer}“ gewählt hat",
        "because": "Warum",
        "notes": "Hinweise",
        "compared": "Was verglichen wird",
        "shows": "Was das Training zeigt",
        "settings": "Einstellungen",
        "epochs": "{n} Epochen",
        "in": "in mindestens {n} von 5 Läufen",
        "at": "bei Epoche {n}",
    },
}
_STYLE = """
@page { margin: 18mm 16mm }
body { font: 11pt/1.45 system-ui, sans-serif; color: #111; background: #fff }
body { max-width: 178mm; margin: 8mm auto; padding: 0 4mm }
h1 { font-size: 18pt; margin: 0 0 2mm }
h2 { font-size: 13pt; margin: 0 0 1.5mm }
h3 { font-size: 10pt; margin: 3mm 0 1mm }
p, ul { margin: 0 0 2mm }
ul { list-style: none; padding: 0 }
li { margin: 1mm 0 }
svg { width: 80mm; height: 80mm; display: block }
code { font-size: 9.5pt }
.who { display: flex; gap: 8mm; margin-bottom: 5mm }
.who span { flex: 1; border-bottom: .3mm solid #777 }
.step { margin-top: 7mm; padding-top: 3mm; border-top: .3mm solid #bbb; break-inside: avoid }
.box { display: inline-block; width: 3.5mm; height: 3.5mm; border: .3mm solid #111; margin-right: 2.5mm }
.line + p { margin-top: 3mm }
.line { border-bottom: .3mm solid #777; height: 8mm }
.number { display: inline-block; width: 35mm; border-bottom: .3mm solid #777 }
.quiet { color: #555; font-size: 9.5pt }
.right { font-weight: 600 }
"""
#: Of the square that a boundary is drawn in; and most points that are shown there.
_SIDE, _MOST_POINTS = 320, 250


def worksheet(lesson: Lesson, language: str = "en") -> str:
    """Return the worksheet of a lesson as an HTML file: what is asked, room for answers, and nothing given away."""
    say = _Words(language)
    parts = [
        f'<p class="who"><span>{say("name")}</span><span>{say("date")}</span></p>',
        *_head(lesson, say),
    ]
    for number, step in enumerate(lesson.steps, 1):
        parts += [
            '<section class="step">',
            *_intro(step, number, say),
            f"<h3>{say('before')}</h3>",
            *_asked(step, say),
            f"<h3>{say('run')}</h3><p>{say.rich(step.run)}</p>",
            f"<p>{say('saw')}</p>{_lines(2)}",
            f"<p>{say('why')}</p>{_lines(2)}",
        ]
        if step.next:
            parts.append(f"<h3>{say('next')}</h3><p>{say.rich(step.next.text)}</p>{_lines(1)}")
        parts.append("</section>")
    return _page(text(lesson.title, language), language, parts)


def teacher_key(lesson: Lesson, language: str = "en", measured: Mapping[int, float] | None = None) -> str:
    """Return the key to a lesson's worksheet as an HTML file: answers, reasons, notes, and what each run shows.

    Parameters
    ----------
    lesson : Lesson
    language : str
    measured : mapping of int to float, optional
        For questions about what is measured: the right answer, by the step counted from 0
        (:func:`nnplay.lessons.outcomes.right_answers` trains for it). Else the key says what is measured.
    """
    say = _Words(language)
    parts = [f'<p class="quiet">{say("key")}</p>', *_head(lesson, say)]
    for number, step in enumerate(lesson.steps, 1):
        asked = say.rich(step.question.text)
        parts += ['<section class="step">', *_intro(step, number, say), f"<p>{asked}</p>"]
        parts += _answered(step, say, None if measured is None else measured.get(number - 1))
        parts.append(f"<h3>{say('because')}</h3><p>{say.rich(step.why)}</p>")
        if step.notes:
            parts.append(f"<h3>{say('notes')}</h3><p>{say.rich(step.notes)}</p>")
        if step.next:
            parts.append(f"<h3>{say('next')}</h3><p>{say.rich(step.next.text)}</p>")
            if step.next.then:
                parts.append(f"<p>{say('then')} {say.rich(step.next.then)}</p>")
        parts += [*_shown(step, say), "</section>"]
    return _page(f"{text(lesson.title, language)}: {_Words(language).plain('key')}", language, parts)


class _Words:
    """Words in a language, escaped."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._labels = _LABELS.get(language.partition("-")[0], _LABELS["en"])

    def plain(self, label: str, **values: object) -> str:
        """Return one of our own labels as it is."""
        return self._labels[label].format(**values)

    def __call__(self, label: str, **values: object) -> str:
        return html.escape(self.plain(label, **values))

    def rich(self, words: Text | None) -> str:
        """Return a text of the lesson."""
        return to_html(text(words, self.language))


def _page(title: str, language: str, parts: list[str]) -> str:
    return "\n".join(
        [
            f'<!doctype html><html lang="{html.escape(language)}"><head><meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>",
            *parts,
            "</body></html>\n",
        ]
    )


def _head(lesson: Lesson, say: _Words) -> Iterator[str]:
    yield f"<h1>{say.rich(lesson.title)}</h1>"
    yield f'<p class="quiet">{say("minutes", n=lesson.minutes)}</p>'
    yield f"<p><b>{say('goal')}:</b> {say.rich(lesson.goal)}</p>"


def _intro(step: Step, number: int, say: _Words) -> Iterator[str]:
    yield f"<h2>{number}. {say.rich(step.title)}</h2><p>{say.rich(step.text)}</p>"
    if step.compare:
        names = ", ".join(say.rich(run.name) for run in step.compare)
        yield f'<p class="quiet">{say("compared")}: {names}</p>'


def _asked(step: Step, say: _Words) -> Iterator[str]:
    question = step.question
    yield f"<p>{say.rich(question.text)}</p>"
    if isinstance(question, Choice):
        answers = "".join(f'<li><span class="box"></span>{say.rich(each.text)}</li>' for each in question.answers)
        yield f"<ul>{answers}</ul>"
    elif isinstance(question, Number):
        yield f'<p><span class="number">&nbsp;</span> {say.rich(question.unit)}</p>'
    elif isinstance(question, Boundary):
        yield f"<p>{say('draw')}</p>{_square(step.config)}"


def _answered(step: Step, say: _Words, measured: float | None) -> Iterator[str]:
    question = step.question
    if isinstance(question, Choice):
        right = question.answers[question.right]
        yield f'<p><span class="right">{say("right")}:</span> {say.rich(right.text)}</p>'
        if right.word:
            yield f"<p>{say.rich(right.word)}</p>"
        for k, answer in enumerate(question.answers):
            if k != question.right:
                whose = say("wrong", answer=text(answer.text, say.language))
                yield f'<p class="quiet">{whose}: {say.rich(answer.word)}</p>'
    elif isinstance(question, Number):
        unit = text(question.unit, say.language)
        value = question.value if measured is None else measured
        tolerance = f"{question.tolerance:g} {unit}".strip()
        if value is None:
            what = measures.get(question.measure).label
            said = say("measured", what=what, tolerance=tolerance)
        else:
            said = say("near", value=f"{value:.3g} {unit}".strip(), tolerance=tolerance)
        yield f'<p><span class="right">{say("right")}:</span> {said}</p>'
    else:
        yield f"<p>{say('drawn')}</p>"


def _shown(step: Step, say: _Words) -> Iterator[str]:
    if step.outcome:
        claims = "".join(f"<li>{html.escape(_claimed(step, claim, say))}</li>" for claim in step.outcome)
        yield f"<h3>{say('shows')}</h3><ul>{claims}</ul>"
    settings = ", ".join(f"{name} = {value}" for name, value in step.config.to_query().items() if name != "points")
    epochs = say("epochs", n=f"{step.epochs:,}")
    yield f'<p class="quiet">{say("settings")}: {html.escape(settings)}; {epochs}</p>'


def _claimed(step: Step, claim: Claim, say: _Words) -> str:
    names = {run.key: text(run.name, say.language) for run in step.compare}
    bounds = [f"≥ {claim.at_least:g}"] if claim.at_least is not None else []
    bounds += [f"≤ {claim.at_most:g}"] if claim.at_most is not None else []
    times = "" if claim.times == 1 else f"{claim.times:g} · "
    bounds += [f"> {times}{names[claim.more_than]}"] if claim.more_than else []
    bounds += [f"< {times}{names[claim.less_than]}"] if claim.less_than else []
    run = f"{names[claim.run]}: " if claim.run else ""
    _, brackets, parameters = claim.measure.partition("(")
    measure = measures.get(claim.measure).label + (f" {brackets}{parameters}" if parameters else "")
    when = "" if claim.epoch == step.epochs else f", {say.plain('at', n=claim.epoch)}"
    often = "" if claim.fewest == N_SEEDS else f", {say.plain('in', n=claim.fewest)}"
    return f"{run}{measure} {', '.join(bounds)}{when}{often}"


def _lines(n: int) -> str:
    return '<div class="line"></div>' * n


def _square(config: ExperimentConfig) -> str:
    """Return the points on a plane as a picture to draw in; classes differ in shape, for black-and-white paper."""
    data = config.data.make()
    X = np.asarray(data.X)[:_MOST_POINTS]
    low, high = np.min(data.X, axis=0), np.max(data.X, axis=0)
    middle, reach = (low + high) / 2, float(max(1e-9, *(high - low))) * 0.54
    places = (X - middle) / reach * [0.5, -0.5] * _SIDE + _SIDE / 2
    marks = "".join(_mark(x, y, int(label)) for (x, y), label in zip(places, data.y, strict=False))
    frame = f'<rect width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#111"/>'
    return f'<svg viewBox="0 0 {_SIDE} {_SIDE}" role="img">{frame}{marks}</svg>'


def _mark(x: float, y: float, label: int) -> str:
    if label == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="none" stroke="#111"/>'
    if label == 1:
        return f'<path d="M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6" stroke="#111"/>'
    if label == 2:
        return f'<path d="M{x:.1f} {y - 4:.1f}l4 7h-8z" fill="#111"/>'
    return f'<text x="{x:.1f}" y="{y + 3:.1f}" font-size="9" text-anchor="middle">{label + 1}</text>'
