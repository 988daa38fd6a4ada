"""Modules sent as one: the same names and the same behaviour, or the start stops."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from widgets.delivery.joined import joined, listed

FRAME = Path(__file__).resolve().parents[2] / "static" / "widget" / "frame"
CARD = (FRAME / "card.js").read_text(encoding="utf-8")


def run(script, cwd):
    (cwd / "run.mjs").write_text(script)
    done = subprocess.run(["node", "run.mjs"], cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_only_a_file_that_does_nothing_else_is_a_list():
    assert listed("/** Two. */\n\nexport * from './a.js';\nexport * from './b.js'; // and that\n") == []
    assert listed("/** Two. */\n\nexport * from './a.js';\nexport * from './b.js';\n") == ["a.js", "b.js"]
    assert listed("export * from './a.js';\nexport const x = 1;\n") == []
    assert listed("") == []


def test_each_module_keeps_its_own_scope_and_they_share_what_they_export(tmp_path):
    sources = {
        "a.js": "const MS = 1;\nexport const seen = [];\nexport function one() { seen.push(MS); return MS; }\n",
        "b.js": "import { one, seen } from './a.js';\n\nconst MS = 2;\n"
        "export class Two {\n  both() { return [one(), MS, seen]; }\n}\n"
        "export async function three() { return 3; }\n",
    }
    (tmp_path / "all.mjs").write_text(joined(list(sources), sources.__getitem__))

    told = run(
        "import { Two, seen, three } from './all.mjs';\n"
        "console.log(JSON.stringify([new Two().both(), seen, await three()]));",
        tmp_path,
    )

    assert told == [[1, 2, [1]], [1], 3]


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"a.js": "import { b } from './b.js';\n", "b.js": "export const b = 1;\n"}, "does not stand before it"),
        ({"a.js": "export const x = 1;\n", "b.js": "import { y } from './a.js';\n"}, "does not stand before it"),
        ({"a.js": "export const x = 1;\n", "b.js": "export const x = 2;\n"}, "b.js exports x, as a.js does"),
        ({"a.js": "export default 1;\n"}, "export default"),
        ({"a.js": "export let x = 1;\n"}, "export let"),
        ({"a.js": "export const x = 1;\n", "b.js": "import { x as y } from './a.js';\n"}, "x as y"),
        ({"a.js": "import './b.js';\n"}, "import './b.js'"),
        ({"a.js": "import * as b from './b.js';\n"}, "import \\* as b"),
    ],
)
def test_what_would_not_be_the_same_stops_the_start(sources, said):
    with pytest.raises(ValueError, match=said):
        joined(list(sources), sources.__getitem__)


def test_the_card_as_it_is_sent_has_every_module_and_every_name_of_its_sources(tmp_path):
    names = listed(CARD)
    assert set(names) == {path.name for path in FRAME.glob("*.js")} - {"card.js", "main.js", "talking.js"}
    (tmp_path / "sent.mjs").write_text(joined(names, lambda name: (FRAME / name).read_text(encoding="utf-8")))
    tell = "console.log(JSON.stringify(Object.keys(all).sort()));"

    sent = run(f"import * as all from './sent.mjs';\n{tell}", tmp_path)
    written = run(f"import * as all from '{FRAME / 'card.js'}';\n{tell}", tmp_path)

    assert sent == written and "begin" in sent


def test_nobody_gets_a_second_copy_of_what_the_card_holds():
    modules = [FRAME / "main.js", *(FRAME / "later").glob("*.js"), *(FRAME / "strings").glob("*.js")]
    modules.append(FRAME.parents[1] / "studio" / "preview.js")
    for path in modules:
        for source in re.findall(r"from [\"']([^\"']+)[\"']", path.read_text(encoding="utf-8")):
            target = (path.parent / source).resolve()
            assert target.parent != FRAME or target.name == "card.js", f"{path.name} asks {source}"
