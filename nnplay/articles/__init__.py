"""The five articles that the project grew out of: what each claims, and what a correct engine gives.

One module per article. ``python -m nnplay.articles`` checks them all, prints claim, result and verdict, and writes
``results.json``, which the articles' page shows.
"""

from nnplay.articles.digits import ARTICLE as DIGITS
from nnplay.articles.evidence.article import Article, Row
from nnplay.articles.four_rows import ARTICLE as FOUR_ROWS
from nnplay.articles.from_zero import ARTICLE as FROM_ZERO
from nnplay.articles.moons import ARTICLE as MOONS
from nnplay.articles.weather import ARTICLE as WEATHER

#: By their keys, in order.
ARTICLES: dict[str, Article] = {article.key: article for article in (MOONS, DIGITS, FOUR_ROWS, WEATHER, FROM_ZERO)}


def find(name: str) -> Article | None:
    """Return the article of that key, or of that old number; None if there is none."""
    return next((article for article in ARTICLES.values() if name in (article.key, article.number)), None)


__all__ = ["ARTICLES", "Article", "Row", "find"]
