"""From bytes to text: byte order marks, encodings, and what isn't text at all."""

from __future__ import annotations

import codecs
import re

from nnplay.datasets.tables.table import MAX_BYTES, Doubt
from nnplay.refusal import Refusal
from nnplay.validation import choice, shown

#: Encodings that can be asked for, by the names that Python gives them.
ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii", "cp1252", "iso8859-1",
    "iso8859-15", "cp1250", "iso8859-2", "cp1251", "koi8-r", "cp1253", "cp1254", "cp437", "cp850", "cp866",
    "mac-roman", "shift_jis", "cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp949",
)  # fmt: skip

#: Longer ones first: UTF-32's mark begins with UTF-16's.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_KINDS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a zip file or an Excel workbook; save its sheet as CSV first",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save its sheet as CSV first",
    b"\x1f\x8b": "a compressed file; unpack it first",
}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
#: How much of a file is looked at for zeros.
_SAMPLE = 4096


def text_of(content: bytes | str, encoding: str | None, notes: list[str]) -> tuple[str, str, list[Doubt]]:
    r"""Return the text of `content` with lines that end in ``"\n"``, its encoding, and other encodings it could have.

    Raises
    ------
    ValueError
        If it is no text, or longer than :data:`MAX_BYTES`.
    """
    if isinstance(content, str):
        if len(content) > MAX_BYTES:
            raise Refusal("text", f"must have at most {MAX_BYTES:,} characters", f"{len(content):,}")
        return _checked(content), "text", []
    if len(content) > MAX_BYTES:
        raise Refusal("file", f"must have at most {MAX_BYTES / 1e6:.0f} MB", f"{len(content) / 1e6:.1f} MB")
    for magic, kind in _KINDS.items():
        if content.startswith(magic):
            raise Refusal("file", "must be a text file with a table", kind)
    if encoding is not None:
        return _checked(_decoded(content, encoding)), encoding, []
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    by_zeros = marked or _by_zeros(content[:_SAMPLE])
    for name in [by_zeros] if by_zeros else ["utf-8", "cp1252"]:
        try:
            text = content.decode(name)
        except UnicodeError:
            continue
        if name != "cp1252":
            return _checked(text), name, []
        said = "The file isn't in UTF-8. It was read as Windows-1252: check that its letters look right."
        notes.append(said)
        doubt = Doubt(f"{said} It could also be in Mac Roman.", {"encoding": "mac-roman"})
        return _checked(text), name, [doubt] if _are_few_letters(text) else []
    raise Refusal("file", "must be text in UTF-8", "bytes that no common encoding explains")


def encoding_name(encoding: str) -> str:
    """Return the name in :data:`ENCODINGS` of an encoding under any of its names; refuse others.

    Python's other codecs are left out: some are no encodings, and some cost more than the length of their text.
    """
    names = {codecs.lookup(name).name: name for name in ENCODINGS}
    plain = str(encoding).removesuffix("-sig").removesuffix("_sig")
    try:
        return names[codecs.lookup(plain).name]
    except (LookupError, ValueError, UnicodeError):
        return choice("encoding", encoding, ENCODINGS)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeError as error:
        at = f"; byte {error.start + 1:,} is none" if isinstance(error, UnicodeDecodeError) else ""
        raise Refusal("file", f"must be text in {encoding}, as asked", f"bytes that aren't valid in it{at}") from None


def _by_zeros(start: bytes) -> str | None:
    """Return the encoding if zeros stand where UTF-16 and UTF-32 have them in Latin letters."""
    if b"\0" not in start or len(start) < 4:
        return None
    whole = start[: len(start) // 4 * 4]
    zeros = [whole[k::4].count(0) / (len(whole) // 4) for k in range(4)]
    shapes = {
        "utf-32-le": (0, 1, 1, 1),
        "utf-32-be": (1, 1, 1, 0),
        "utf-16-le": (0, 1, 0, 1),
        "utf-16-be": (1, 0, 1, 0),
    }
    for name, shape in shapes.items():
        if all(share > 0.7 if zero else share < 0.3 for share, zero in zip(zeros, shape, strict=True)):
            return name
    return None


def _are_few_letters(text: str) -> bool:
    """Return whether letters beyond ASCII look out of place: signs where Windows-1252 would have letters."""
    strange = re.findall(r"[^\x00-\x7f]", text[:200_000])
    return (
        bool(strange) and sum(letter.isalpha() or letter in "\xa0€°²³µ–—’“”£" for letter in strange) < len(strange) / 2
    )


def _checked(text: str) -> str:
    text = text.removeprefix("\ufeff").removesuffix("\x1a")  # DOS ended its files so
    strange = _CONTROL.search(text)
    if strange:
        where = f"{shown(strange.group())} at character {strange.start() + 1:,}"
        raise Refusal("file", "must be a text file with a table", f"a control character, {where}")
    if not text or text.isspace():
        raise Refusal("file", "must hold a table", "nothing")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
