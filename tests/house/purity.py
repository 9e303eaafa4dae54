"""What a pure module may not say, read from its syntax: import contracts see which module is used, not which function of it.

A rule is a dotted name and what to do instead. A name ending in a dot stands for everything below it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

TIME: Final = "time comes in as an argument: take `at: datetime` or `ts`"
CHANCE: Final = "chance comes in as an argument: take a seeded generator"
IDENTITY: Final = "an id is derived from the session and a number, so that a replay gives the same one"
OUTSIDE: Final = "bytes come in as an argument: opening is an adapter's"
SAID: Final = "return a value or record an event; who shows it is above the core"
SETTINGS: Final = "settings come in as values; the environment is read once, in settings.py"
WAITING: Final = "the core does not wait: return what should be asked, and take the answer as an input"
BLANKET: Final = "catch what you know how to handle, by name; our own mistakes crash"
MODE: Final = "backtest, forward and live are names of (feed, broker) pairs: nothing in the core may know which one it is"
HIDDEN: Final = "state comes in and goes out: a module keeps none"
CODE: Final = "text is parsed, never executed"
HASH: Final = "differs from process to process: use sha256 over a canonical form"

CALLS: Final[Mapping[str, str]] = {
    "datetime.datetime.now": TIME,
    "datetime.datetime.utcnow": TIME,
    "datetime.datetime.today": TIME,
    "datetime.date.today": TIME,
    "time.": TIME,
    "random.": CHANCE,
    "numpy.random.": CHANCE,
    "secrets.": CHANCE,
    "os.urandom": CHANCE,
    "uuid.uuid1": IDENTITY,
    "uuid.uuid4": IDENTITY,
    "open": OUTSIDE,
    "io.open": OUTSIDE,
    "numpy.load": OUTSIDE,
    "numpy.save": OUTSIDE,
    "numpy.savez": OUTSIDE,
    "numpy.fromfile": OUTSIDE,
    "numpy.memmap": OUTSIDE,
    "os.": OUTSIDE,
    "print": SAID,
    "input": SAID,
    "breakpoint": SAID,
    "logging.": SAID,
    "warnings.warn": SAID,
    "sys.stdout.": SAID,
    "sys.stderr.": SAID,
    "os.environ": SETTINGS,
    "os.getenv": SETTINGS,
    "sys.argv": SETTINGS,
    "eval": CODE,
    "exec": CODE,
    "hash": HASH,
}
"""The longest name that fits decides."""

SEEDED: Final = frozenset({"random.Random", *(f"numpy.random.{name}" for name in ("default_rng", "SeedSequence", "PCG64", "Philox"))})
"""Allowed where they are given a seed."""
TYPES: Final = frozenset({"numpy.random.Generator", "numpy.random.BitGenerator"})
METHODS: Final = frozenset({"read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "iterdir", "rglob"})
"""Of paths, whatever the path is called."""
MODES: Final = frozenset({"backtest", "forward", "live"})


def impurities(source: str) -> list[tuple[int, str]]:
    """Line and message of everything impure, in order."""
    tree = ast.parse(source)
    names = dict(_imported(tree))
    return sorted({(node.lineno, message) for node in ast.walk(tree) for message in _of(node, names) if hasattr(node, "lineno")})


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What each name of the module stands for outside it; what the module defines itself shadows a builtin."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
            case ast.ImportFrom(module=str(module), names=aliases):
                for alias in aliases:
                    yield alias.asname or alias.name, f"{module}.{alias.name}"
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name, f"<here>.{name}"


def _of(node: ast.AST, names: Mapping[str, str]) -> Iterator[str]:
    match node:
        case ast.AsyncFunctionDef() | ast.AsyncFor() | ast.AsyncWith() | ast.Await():
            yield WAITING
        case ast.ExceptHandler(type=caught):
            if caught is None or any(name in {"Exception", "BaseException"} for name in _names_in(caught)):
                yield BLANKET
        case ast.Global():
            yield HIDDEN
        case ast.Call(func=ast.Attribute(attr=attr)) if attr in METHODS:
            yield f"{attr}: {OUTSIDE}"
        case ast.Call(func=func, args=args, keywords=keywords) if _dotted(func, names) in SEEDED:
            if not args and not keywords:
                yield f"{_dotted(func, names)} without a seed: {CHANCE}"
        case ast.Attribute() | ast.Name(ctx=ast.Load()):
            yield from _named(_dotted(node, names))
        case ast.Compare(left=left, comparators=others):
            if any(isinstance(leaf, ast.Constant) and leaf.value in MODES for side in (left, *others) for leaf in ast.walk(side)):
                yield MODE
        case ast.MatchValue(value=ast.Constant(value=value)) if value in MODES:
            yield MODE
    if _word(node) == "mode":
        yield MODE


def _named(name: str | None) -> Iterator[str]:
    if name is None or name in SEEDED or name in TYPES:
        return
    fitting = [rule for rule in CALLS if (name.startswith(rule) if rule.endswith(".") else name == rule or name.startswith(f"{rule}."))]
    if fitting:
        yield f"{name}: {CALLS[max(fitting, key=len)]}"


def _dotted(node: ast.AST, names: Mapping[str, str]) -> str | None:
    """`np.random.rand` as `numpy.random.rand`; None for what is not a plain chain of names."""
    match node:
        case ast.Name(id=name):
            return names.get(name, name)
        case ast.Attribute(value=value, attr=attr):
            before = _dotted(value, names)
            return None if before is None else f"{before}.{attr}"
    return None


def _names_in(node: ast.AST) -> Iterator[str]:
    return (leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name))


def _word(node: ast.AST) -> str | None:
    match node:
        case ast.Name(ctx=ast.Store()):
            return None  # to name what a session is told is not to ask for it
        case ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word) | ast.keyword(arg=word):
            return word
    return None
