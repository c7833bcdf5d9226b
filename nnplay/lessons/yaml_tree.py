"""YAML as a tree in which everything knows its line, for messages that name it.

It is made from PyYAML's events, one by one, so that nothing is built of what is refused: anchors, aliases and tags,
several documents, too many entries, or too deep ones. What kind a plain word is, a number or a text, is decided by who
asks for it: a title may be 2024, and a language no.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from nnplay.validation import one_line, shown

MAX_BYTES = 200_000
MAX_DEPTH, MAX_NODES = 12, 5_000
#: Of one text: a link may hold a run of many changes.
MAX_TEXT = 70_000
_MAX_REASON = 200


class AtLine(ValueError):
    """What is wrong, in a sentence, and at which line."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


@dataclass
class Node:
    """A value in the file.

    Attributes
    ----------
    line : int
        Counted from 1; of an entry that has a name, that of the name.
    word : str or None
        Of a text, a number or the like: as it is written.
    is_plain : bool
        Whether it is written without quotes: only then it can be a number.
    entries : dict or None
        Of a mapping: by their keys.
    items : list or None
        Of a list.
    """

    line: int
    word: str | None = None
    is_plain: bool = False
    entries: dict[str, Node] | None = None
    items: list[Node] | None = None
    #: The name that waits for its value, and its line.
    _waiting: tuple[str, int] | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """What it is, in words."""
        if self.entries is not None:
            return "a group of entries"
        if self.items is not None:
            return "a list"
        return "nothing" if self.is_empty else shown(self.word)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written there."""
        return self.is_plain and self.word in ("", "~", "null")


def read(content: bytes) -> Node:
    """Return what a file holds: a group of entries.

    Raises
    ------
    AtLine
        If it is no YAML, or more than a lesson needs.
    """
    if len(content) > MAX_BYTES:
        raise AtLine(1, f"a lesson has at most {MAX_BYTES:,} bytes; this file has {len(content):,}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AtLine(content[: error.start].count(b"\n") + 1, "the text isn't encoded as UTF-8.") from None
    try:
        return _built(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise AtLine(line, f"the character U+{int(error.character):04X} can't be in a lesson.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = one_line(error.problem or error.context or "it can't be read")[:_MAX_REASON]
        raise AtLine(mark.line + 1 if mark else 1, f"this isn't YAML: {reason}.") from None
    except (ValueError, OverflowError) as error:
        if isinstance(error, AtLine):
            raise
        # What PyYAML itself can't take, such as a code of a character that there isn't.
        raise AtLine(1, f"this isn't YAML: {one_line(str(error))[:_MAX_REASON]}.") from None


def _built(events: Iterator[yaml.Event]) -> Node:
    root, open_nodes, n_nodes, n_documents = None, list[Node](), 0, 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            n_documents += 1
            if n_documents > 1:
                raise AtLine(line, "a file holds one lesson, and here a second document begins.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise AtLine(line, "anchors (&) and aliases (*) can't be used here; put a text that begins so in quotes.")
        if getattr(event, "tag", None) is not None:
            raise AtLine(line, "tags (!) can't be used here; put a text that begins so in quotes.")
        if isinstance(event, yaml.ScalarEvent):
            node = Node(line, event.value, is_plain=event.style is None)
        elif isinstance(event, yaml.MappingStartEvent):
            node = Node(line, entries={})
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Node(line, items=[])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            open_nodes.pop()
            continue
        else:
            continue
        n_nodes += 1
        if n_nodes > MAX_NODES:
            raise AtLine(line, f"a lesson has at most {MAX_NODES:,} entries, and here begins another one.")
        if len(open_nodes) == MAX_DEPTH:
            raise AtLine(line, f"entries lie at most {MAX_DEPTH} levels deep.")
        if node.word is not None and len(node.word) > MAX_TEXT:
            raise AtLine(line, f"a text has at most {MAX_TEXT:,} characters; this one has {len(node.word):,}.")
        if open_nodes:
            _put(open_nodes[-1], node)
        else:
            root = node
        if node.word is None:
            open_nodes.append(node)
    if root is None or root.entries is None:
        raise AtLine(1, f"a lesson begins with entries such as “title: …”; here is {root.kind if root else 'nothing'}.")
    return root


def _put(parent: Node, node: Node) -> None:
    if parent.items is not None:
        parent.items.append(node)
        return
    assert parent.entries is not None
    if parent._waiting is None:
        if node.word is None:
            raise AtLine(node.line, f"the name of an entry must be a word; got {node.kind}.")
        if node.word in parent.entries:
            raise AtLine(node.line, f"{shown(node.word)} is here twice.")
        parent._waiting = node.word, node.line
        return
    name, node.line = parent._waiting
    parent.entries[name] = node
    parent._waiting = None
