"""The code that the browser makes of a name, read by the server."""

from __future__ import annotations

import base64
import json
import subprocess

from nnplay.assignments.answer import code_of, read_code
from nnplay.experiment.recording.recipe import Recipe
from tests import ROOT
from tests.assignments.making import NAMES, answer_of, assignment_of

SCRIPT = """
import { codeOf, nameOf } from './static/share/answer_code.js';
let text = '';
for await (const part of process.stdin) text += part;
const { body, names } = JSON.parse(text);
const bytes = new Uint8Array(Buffer.from(body, 'base64'));
console.log(JSON.stringify(names.map((name) => codeOf(nameOf(name), bytes))));
"""


def test_the_browsers_code_is_the_servers_whatever_the_name(node: str) -> None:
    answer = answer_of(assignment_of(), Recipe(assignment_of().config), 3, "")
    body = answer.body()
    names = [*NAMES, "!'()*-_.~ %20", "  two  spaces\t", "e\u0301", "\u202eback", "x" * 100]
    asked = json.dumps({"body": base64.b64encode(body).decode(), "names": names})
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT],
        input=asked, capture_output=True, text=True, timeout=60, cwd=ROOT, encoding="utf-8", check=True,
    )  # fmt: skip
    codes = json.loads(done.stdout)
    assert len(codes) == len(names)
    for typed, code in zip(names, codes, strict=True):
        name = read_code(code).name
        assert code == code_of(name, body)
        assert name.split() == typed.replace("e\u0301", "\u00e9").replace("\u202e", "")[:60].split()
