"""Files of lessons: the real ones with a few changes each, and what is printed of those that are still lessons."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from nnplay.lessons.discovery import OURS
from nnplay.lessons.lesson import Lesson
from nnplay.lessons.reading import parse
from nnplay.lessons.sheets import teacher_key, worksheet
from tests.hostile.case import Case

SCALARS = (
    "", "~", "null", "[]", "{}", "[[]]", "{a: b}", "-1", "0", "1e999", ".inf", "-.nan", "0x10", "1_000", "1:30", "true",
    "2026-11-29", "<script>alert(1)</script>", "'", '"', "&a x", "*a", "!!python/object/apply:os.system [ls]", "!x y",
    "|", ">", "? x", "%TAG", "@x", "`x`", "- x", "x: y: z", "{", "[", "]", "}", "#", "\t", "\x00", "\x1b[31m", "\u2028",
    "\ud7ff", "\U0001f600", "x" * 5_000, "[" * 300, "९", "<<: *a", "=", "spiral(arms=99)", "elu(alpha='x')",
    "99999999999999999999", "../../etc/passwd", "$(ls)", "{{x}}", "\\x00",
)  # fmt: skip


def case(random: Random) -> Case:
    """Return the content of a file."""
    content = damaged(random)
    return Case(f"lesson {content!r:.300}", len(content), lambda: parse(content, Path("mine.yaml")), _use)


def damaged(random: Random) -> bytes:
    """Return one of our lessons with a few changes."""
    source = random.choice(sorted(OURS.rglob("*.yaml"))).read_text(encoding="utf-8")
    lines = source.splitlines()
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        if not lines:
            break
        at = random.randrange(len(lines))
        what = random.randrange(8)
        if what == 0:
            del lines[at]
        elif what == 1:
            lines.insert(at, lines[random.randrange(len(lines))])
        elif what == 2:
            lines[at] = " " * random.randrange(12) + lines[at].lstrip()
        elif what == 3:
            lines = lines[: at + 1]
        elif what == 4:
            lines[at] = lines[at][: random.randrange(len(lines[at]) + 1)]
        else:
            start = re.match(r".*?(?::|- )", lines[at])
            lines[at] = f"{start[0] if start else ''} {random.choice(SCALARS)}"
    content = "\n".join(lines).encode("utf-8", "surrogatepass")
    if random.random() < 0.1 and content:
        at = random.randrange(len(content))
        content = content[:at] + random.randbytes(random.randint(1, 4)) + content[at + 1 :]
    return content


def _use(lesson: Lesson) -> None:
    for language in (*lesson.languages, "fr"):
        for sheet in (worksheet(lesson, language), teacher_key(lesson, language)):
            assert not re.search(r"<(script|img|a|iframe|object|form|link)\b", sheet)
            assert sheet.endswith("</body></html>\n")
