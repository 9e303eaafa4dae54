"""The core takes values and returns values: what import contracts cannot see is found in the syntax, with a word on what to do instead."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house import purity
from tests.house.purity import impurities

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "src/assay/core").rglob("*.py"))
DOMAIN = sorted((ROOT / "src/assay/core/domain").glob("*.py"))


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module)):
                yield module


def test_the_core_is_pure() -> None:
    found = [f"{path.relative_to(ROOT)}:{line}: {message}" for path in CORE for line, message in impurities(path.read_text())]
    assert not found, "\n" + "\n".join(found)


def test_the_vocabulary_needs_only_the_standard_library() -> None:
    foreign = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in DOMAIN
        for name in imported(path.read_text())
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("assay.core.domain")
    ]
    assert not foreign, f"what everything rests on rests on nothing: {foreign}"


IMPURE = [
    ("from datetime import datetime\ndatetime.now()", purity.TIME),
    ("import datetime as dt\ndt.datetime.now(dt.UTC)", purity.TIME),
    ("import datetime\ndatetime.datetime.utcnow()", purity.TIME),
    ("from datetime import date\ndate.today()", purity.TIME),
    ("import time\ntime.perf_counter()", purity.TIME),
    ("from time import monotonic as tick\ntick()", purity.TIME),
    ("from datetime import datetime\nclock = datetime.now", purity.TIME),
    ("import random\nrandom.random()", purity.CHANCE),
    ("from random import choice\nchoice([1])", purity.CHANCE),
    ("import random\nrandom.Random()", purity.CHANCE),
    ("import numpy as np\nnp.random.rand(3)", purity.CHANCE),
    ("import numpy as np\nnp.random.default_rng()", purity.CHANCE),
    ("from numpy.random import default_rng\ndefault_rng()", purity.CHANCE),
    ("import secrets\nsecrets.token_hex()", purity.CHANCE),
    ("import os\nos.urandom(8)", purity.CHANCE),
    ("from uuid import uuid4\nuuid4()", purity.IDENTITY),
    ("open('bars.csv')", purity.OUTSIDE),
    ("with open('bars.csv') as f: pass", purity.OUTSIDE),
    ("from pathlib import Path\nPath('bars.csv').read_text()", purity.OUTSIDE),
    ("import numpy as np\nnp.load('bars.npy')", purity.OUTSIDE),
    ("import os\nos.remove('bars.csv')", purity.OUTSIDE),
    ("print(1)", purity.SAID),
    ("import logging\nlogging.getLogger(__name__)", purity.SAID),
    ("import sys\nsys.stderr.write('no')", purity.SAID),
    ("import os\nos.environ['CASH']", purity.SETTINGS),
    ("import os\nos.environ.get('CASH')", purity.SETTINGS),
    ("import os\nos.getenv('CASH')", purity.SETTINGS),
    ("async def ask(): pass", purity.WAITING),
    ("async def ask():\n    await reply", purity.WAITING),
    ("try:\n    f()\nexcept:\n    pass", purity.BLANKET),
    ("try:\n    f()\nexcept Exception:\n    pass", purity.BLANKET),
    ("try:\n    f()\nexcept (ValueError, BaseException) as e:\n    pass", purity.BLANKET),
    ("def run(mode): pass", purity.MODE),
    ("session.mode", purity.MODE),
    ("f(mode=1)", purity.MODE),
    ("if kind == 'live': pass", purity.MODE),
    ("if kind in ('backtest', 'forward'): pass", purity.MODE),
    ("match kind:\n    case 'forward': pass", purity.MODE),
    ("count = 0\ndef f():\n    global count\n    count += 1", purity.HIDDEN),
    ("eval('1 + 1')", purity.CODE),
    ("hash('a')", purity.HASH),
]

PURE = [
    "from datetime import UTC, datetime\ndatetime.fromtimestamp(0, UTC)",
    "def is_over(at): return at.now",
    "import numpy as np\nnp.random.default_rng(7)",
    "import numpy as np\ndef draw(rng: np.random.Generator): return rng.random()",
    "import random\nrandom.Random(7).random()",
    "bars.open",
    "def first(open, close): return open[0]",
    "def hash(text): return text\nhash('a')",
    "try:\n    f()\nexcept ValueError:\n    pass",
    "name = 'live'",
    "time = bars.ts\ntime.max()",
]


@pytest.mark.parametrize(("source", "message"), IMPURE)
def test_it_is_found(source: str, message: str) -> None:
    assert any(found.endswith(message) for _, found in impurities(source))


@pytest.mark.parametrize("source", PURE)
def test_it_is_left_alone(source: str) -> None:
    assert impurities(source) == []


def test_every_rule_has_a_case() -> None:
    messages = {message for _, message in IMPURE}
    assert messages >= {*purity.CALLS.values(), purity.WAITING, purity.BLANKET, purity.MODE, purity.HIDDEN}
