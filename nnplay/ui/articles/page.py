"""The articles' page: an article's story, its results, and each of them again, live."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from nnplay.articles import ARTICLES, find
from nnplay.articles.evidence import results
from nnplay.articles.evidence.article import Article, Chart, Preset, Row
from nnplay.figures import articles as figures
from nnplay.ui import on_page, state
from nnplay.ui.articles import verdicts as verdicts
from nnplay.ui.articles.extras import MORE, is_dark
from nnplay.ui.articles.job import ArticleJob
from nnplay.ui.shell import PAGES
from nnplay.ui.streamlit_internals import script_run
from nnplay.ui.text import complain, plain

#: In the session: the job, and where it was started: the table's number and the row's name.
_JOB, _JOB_PLACE = "article_job", "article_job_place"
#: The name in the address, and of the widget.
_CHOSEN, _WIDGET = "article", "articles.chosen"
#: Of a name that is no article's, so much is repeated.
_MAX_LINKED = 20
#: How often a row that is trained live is drawn again.
_POLL_SECONDS = 0.5
#: An experiment that takes longer than that for a seed says so.
_LONG_SECONDS = 3.0
_COLUMNS = (2.6, 1.5, 2.8, 3.1, 2.3)
#: A row has room for what it says while it is trained, so that nothing moves when it begins.
_CSS = """
<style>
[class*="st-key-row-ours"] { min-height: 3.95rem; }
[class*="st-key-row-judged"] { min-height: 3.2rem; }
[class*="st-key-row-"] p { line-height: 1.3; }
</style>
"""


@lru_cache(maxsize=1)
def stored_results() -> dict[str, results.Results]:
    """Return what the command wrote; nothing if it never ran."""
    return results.read() if results.FILE.exists() else {}


def choose() -> Article:
    """Show the articles to choose from, and return the chosen one; the address knows it, by old numbers, too."""
    keys = list(ARTICLES)
    linked = st.query_params.get(_CHOSEN)
    found = find(linked or keys[0])
    named = found.key if found else keys[0]
    if _WIDGET not in st.session_state or script_run.by_history():
        st.session_state[_WIDGET] = named
        if not found:
            complain(f"There is no article “{str(linked)[:_MAX_LINKED]}”. Showing {ARTICLES[keys[0]].name} instead.")
    pressed = st.segmented_control(
        "Article",
        keys,
        format_func=lambda key: ARTICLES[key].name,
        key=_WIDGET,
        required=True,
        label_visibility="collapsed",
    )
    chosen = pressed or keys[0]
    # What is written makes an entry in the browser's history: that is for choices, and for links of before.
    if chosen != (linked or keys[0]):
        st.query_params[_CHOSEN] = chosen
    return ARTICLES[chosen]


def draw(article: Article) -> None:
    """Show an article: what it builds, which of its claims hold, and how we know."""
    made = stored_results().get(article.key, results.Results())
    st.html(_CSS)
    st.header(article.title, anchor=False)
    original = f"[Read the original]({article.link})" if article.link else "Our copy gives no link to the original."
    st.caption(f"{article.by_line}. {original}")
    st.markdown(f"**What it builds.** {article.builds}")
    st.markdown(f"**What we found.** {article.finding}")
    _draw_presets(article)
    st.subheader("Does it hold?", anchor=False)
    for claim in article.claims:
        verdicts.draw_claim(claim, made)
    st.caption(verdicts.RULE)
    _draw_details(article, made)


def _draw_details(article: Article, made: results.Results) -> None:
    """Show the figures behind the verdicts, and each of them again, live."""
    st.subheader("The figures, seed by seed", anchor=False)
    if made.made:
        st.caption(f"Produced by python -m nnplay.articles, {made.made}. {verdicts.LEGEND}")
    else:
        st.info(
            "No stored results yet. Run python -m nnplay.articles to produce them. You can still run each row here."
        )
    if article.key in MORE:
        MORE[article.key](made.exhibits)
    job = _job()
    if job is not None and job.is_running and job.article != article.key:
        on_page.fragment(_draw_elsewhere, run_every=_POLL_SECONDS)(article)
    for number, table in enumerate(article.tables):
        polls = job is not None and job.is_running and _started_in(job, article, number)
        on_page.fragment(_draw_table, run_every=_POLL_SECONDS if polls else None, key=f"{article.key}.{number}")(
            article, number, made, polls
        )
        for row in table.rows:
            if job is not None and polls and _started_in(job, article, number, row):
                on_page.fragment(_draw_row, run_every=_POLL_SECONDS)(article, number, row, made, polls)
            else:
                # A fragment is in a container, too: the row stays what it is when it becomes one.
                with st.container():
                    _draw_row(article, number, row, made)
    for chart in article.charts:
        _draw_chart(chart, made)


def _draw_presets(article: Article) -> None:
    here = {"", *(Path(page.file).stem for page in PAGES)}
    with st.container(horizontal=True):
        for preset in (preset for preset in article.presets if preset.page in here):
            st.link_button(preset.label, address(preset), icon=":material/open_in_new:")


def address(preset: Preset) -> str:
    """Return where a preset opens, relative to this page's own address."""
    return f"./{preset.page}?{urlencode(preset.config.to_query())}"


# -- results -------------------------------------------------------------------------------------------------------


def _draw_table(article: Article, number: int, made: results.Results, polls: bool) -> None:
    table = article.tables[number]
    job = _job()
    if polls:
        _leave_when_over(article)
    live = {row: _live_values(article, row, job) for row in table.rows}
    st.subheader(table.title, anchor=False)
    st.caption(table.help)
    lines = [
        figures.Line(
            row.name,
            made.values(row),
            row.claimed,
            row.bound.low if row.bound else None,
            row.bound.high if row.bound else None,
            live[row],
        )
        for row in table.rows
    ]
    figure = figures.distributions(
        lines, table.kind == "percent", table.is_logarithmic, is_dark(), counts=table.kind == "count"
    )
    st.plotly_chart(figure, key=f"chart.{article.key}.{number}", config={"displayModeBar": False}, alt=table.title)


def _draw_row(article: Article, number: int, row: Row, made: results.Results, polls: bool = False) -> None:
    if polls:
        _leave_when_over(article)
    job = _job()
    mine = job if job is not None and _started_in(job, article, number, row) else None
    is_busy = job is not None and job.is_running
    table, experiment = article.tables[number], article.experiment(row.experiment)
    values = made.values(row)
    name, claim, ours, judged, run = st.columns(_COLUMNS, vertical_alignment="top")
    place = f"{article.key}.{number}.{table.rows.index(row)}"
    ours, judged = ours.container(key=f"row-ours.{place}"), judged.container(key=f"row-judged.{place}")
    name.markdown(f"**{plain(row.name)}**")
    claim.markdown(f"Article: {plain(row.claim)}" if row.claim else "")
    words = plain(results.ours(table.kind, values)) if values else "not run yet"
    stored = made.experiments.get(row.experiment)
    if live := _live_values(article, row, job):
        words += f"  \n:small[Just now: {plain(results.ours(table.kind, live))}]"
    elif stored and stored.seconds > _LONG_SECONDS:
        words += f"  \n:small[about {stored.seconds:.0f} s per seed]"
    if mine and (comparison := _comparison(mine, stored)):
        words += f"  \n:small[{plain(comparison)}]"
    ours.markdown(words)
    if mine and is_busy:
        _draw_progress(mine, judged, run)
    else:
        verdicts.draw(judged, table, row, made, experiment.n_seeds)
        run.button(
            "Run",
            key=f"run.{article.key}.{number}.{row.name}",
            icon=":material/play_arrow:",
            help=f"{ARTICLES[job.article].name} is being trained. Stop that first."
            if job is not None and is_busy
            else f"Train it again now, one seed after another ({experiment.n_seeds} in total).",
            disabled=is_busy,
            on_click=on_page.bound(_start),
            args=(article, number, row),
        )
    complain(mine.problem if mine else None)


def _draw_progress(
    job: ArticleJob, progress: st.delta_generator.DeltaGenerator, stop: st.delta_generator.DeltaGenerator
) -> None:
    """Show in two places how far a job is, and what stops it."""
    n_done, n = len(job.results), len(job.seeds)
    words = job.waiting_words or f"{n_done} of {n} seeds done"
    progress.progress(min((n_done + job.share) / n, 1.0), text=words)
    stop.button("Stop", key="stop_article_job", icon=":material/stop:", on_click=on_page.bound(job.stop))


def _draw_elsewhere(article: Article) -> None:
    """Say that a row of another article is being trained; here it is stopped, too."""
    _leave_when_over(article)
    job = _job()
    if job is None or job.article == article.key:
        return
    with st.container(border=True):
        words, progress, stop = st.columns([5, 5, 1.6], vertical_alignment="center")
        row = plain(st.session_state[_JOB_PLACE][1])
        words.markdown(f"{ARTICLES[job.article].name} is being trained: *{row}*. The rows here have to wait.")
        _draw_progress(job, progress, stop)


def _leave_when_over(article: Article) -> None:
    """Run the whole page, which alone begins and ends the polling, once nothing runs or another article is shown."""
    job = _job()
    if job is None or not job.is_running or st.session_state.get(_WIDGET, article.key) != article.key:
        script_run.rerun()


def _comparison(job: ArticleJob, stored: results.Result | None) -> str:
    """Return in words how the live results compare with the stored ones of the same seeds."""
    n, n_seeds = len(job.results), len(job.seeds)
    if not n:
        return ""
    stopped = f"stopped after {n} of {n_seeds}; " if n < n_seeds and not job.is_running else ""
    if not stored:
        return stopped.removesuffix("; ")
    differences = [
        abs(outcome.measures[name] - stored.measures[name][stored.seeds.index(seed)])
        for seed, outcome in zip(job.seeds, list(job.results), strict=False)
        for name in outcome.measures
        if seed in stored.seeds and name != "seconds"
    ]
    if not differences:
        return f"{stopped}the stored results used other seeds"
    if max(differences) < 1e-9:
        return f"{stopped}identical to the stored results"
    return f"{stopped}within {max(differences):.1g} of the stored results, as machines round differently"


def _draw_chart(chart: Chart, made: results.Results) -> None:
    curves = {
        name: made.experiments[key].curves[curve]
        for name, (key, curve) in chart.curves.items()
        if key in made.experiments
    }
    if curves:
        st.subheader(chart.title, anchor=False)
        st.caption(chart.help)
        figure = figures.courses(curves, chart.axes, is_dark())
        st.plotly_chart(figure, config={"displayModeBar": False}, alt=chart.title)


# -- live ----------------------------------------------------------------------------------------------------------


def _job() -> ArticleJob | None:
    return st.session_state.get(_JOB)


def _start(article: Article, number: int, row: Row) -> None:
    running = _job()
    if running is not None and running.is_running:
        return
    experiment = article.experiment(row.experiment)
    st.session_state[_JOB] = ArticleJob(article.key, experiment, range(experiment.n_seeds), account=state.account())
    st.session_state[_JOB_PLACE] = (number, row.name)


def _started_in(job: ArticleJob, article: Article, number: int, row: Row | None = None) -> bool:
    """Return whether the job was started in that table, or that row, of the article: there its progress is shown."""
    started_number, started_row = st.session_state[_JOB_PLACE]
    return (job.article, started_number) == (article.key, number) and (row is None or row.name == started_row)


def _live_values(article: Article, row: Row, job: ArticleJob | None) -> tuple[float, ...]:
    if job is None or (job.article, job.experiment.key) != (article.key, row.experiment):
        return ()
    return tuple(outcome.measures[row.measure] for outcome in list(job.results))
