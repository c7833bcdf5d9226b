"""List the sentences that a person can see: ``python -m tests.sentences [--docstrings] [FOLDER …]``.

Every text with more than one word in the pages, in nnplay and in the browser's files, each once, with its place. Read
it as somebody who has never seen the app: short sentences, everyday word order, the field's terms, one name a thing.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("app.py", "pages", "nnplay", "static")
#: A text of JavaScript, or what must not be taken for one.
_JAVASCRIPT = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<regex>(?<=[=(,!:&|?;{}\[])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\n\\])*\]|[^/\n\\\[])+/[a-z]*)
    |(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|\$\{(?:[^{}]|\{[^{}]*\})*\}|[^`\\])*`)""",
    re.VERBOSE | re.DOTALL,
)
#: Names, classes, selectors, paths, addresses and the like are no sentences.
_NO_SENTENCE = re.compile(
    r"^nn-|^rgb|^\(?\w+-\w+-?\w*:|^M\d+ ?[\d.]|^[a-z0-9_ -]*_[a-z0-9_ -]*$|\[role=|^[<.#]\w|^minmax"
    r"|^(\$?\{[^}]*\}\W*)+$"
)
_ONE_WORD = re.compile(r"^[A-Z][a-zé’-]+[?…:]?$")


def is_sentence(text: str) -> bool:
    """Return whether a person reads `text`: more than one word, or one that begins as a label does."""
    return bool(_ONE_WORD.match(text) or (re.search(r"[^\W\d_]\S* +\S", text) and not _NO_SENTENCE.search(text)))


def python(path: Path, docstrings: bool) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of each text in a Python file; its docstrings instead, if asked for."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    statements = {
        id(node.value)
        for parent in ast.walk(tree)
        if isinstance(parent, documented)
        for node in parent.body
        if isinstance(node, ast.Expr)
    }
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)} - {
        id(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if (id(node) in statements) == docstrings and id(node) not in inside:
                yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr) and not docstrings:
            yield node.lineno, "".join(_part(part) for part in node.values)
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    for inner in ast.walk(part.value):
                        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                            yield inner.lineno, inner.value


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        return f"{{{ast.unparse(part.value)}}}"
    return str(part.value) if isinstance(part, ast.Constant) else ""


def javascript(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of each text in a JavaScript file."""
    source = path.read_text()
    for match in _JAVASCRIPT.finditer(source):
        if match["text"]:
            line = source.count("\n", 0, match.start()) + 1
            yield line, match["text"][1:-1]
            for inner in re.findall(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}", match["text"]):
                yield from ((line, text[1:-1]) for text in re.findall(r'"[^"]*"', inner))


def sentences(folders: list[str], docstrings: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the place and the words of each sentence, each once."""
    seen = set()
    for folder in folders:
        start = ROOT / folder
        for path in sorted([start] if start.is_file() else start.rglob("*")):
            if (
                path.suffix not in {".py", ".js"}
                or {"vendor", "bundle"} & set(path.parts)
                or (docstrings and path.suffix == ".js")
            ):
                continue
            found = python(path, docstrings) if path.suffix == ".py" else javascript(path)
            for line, text in sorted(found):
                words = text if docstrings else " ".join(text.split())
                if words not in seen and (docstrings or is_sentence(words)):
                    seen.add(words)
                    yield f"{path.relative_to(ROOT)}:{line}", words


def main() -> None:
    """Print the list, file by file."""
    parser = argparse.ArgumentParser(description="List the sentences that a person can see.")
    parser.add_argument("folders", nargs="*", default=list(FOLDERS), help="folders or files; all by default")
    parser.add_argument("--docstrings", action="store_true", help="the docstrings of the Python files instead")
    arguments = parser.parse_args()
    last = ""
    for place, words in sentences(arguments.folders, arguments.docstrings):
        path, line = place.rsplit(":", 1)
        if path != last:
            print(f"\n{path}")
        last = path
        print(f"{line:>5}  {words}")


if __name__ == "__main__":
    main()
