"""The tutorial is true: its files are saved, its commands typed and its Python run, in order, and what it says is printed is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.terminal import assay, files

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/tutorials/first-backtest.md"


def blocks() -> Iterator[tuple[str, str, str]]:
    """Language, content, and the last word in code before each block of code."""
    text = PAGE.read_text()
    for found in re.finditer(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        named = re.findall(r"`([^`\s]+)`", text[: found.start()])
        yield found[1], found[2], named[-1] if named else ""


def type_in(command: str) -> str:
    """What a shell would do with it, as far as the page needs one."""
    words = shlex.split(command)
    if words == ["make", "demo"]:
        assert "\t$(VENV)/bin/assay demo\n" in (ROOT / "Makefile").read_text()
        words = [".venv/bin/assay", "demo"]
    words, target = (words[:-2], words[-1]) if words[-2:-1] == [">"] else (words, None)
    assert words[0] == ".venv/bin/assay"
    done = assay(*words[1:])
    assert done.exit_code == 0, f"{command}: {done.stderr}"
    if target:
        Path(target).write_text(done.stdout)
    return done.stdout


def test_the_first_backtest_goes_as_the_tutorial_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").symlink_to(ROOT / "src")
    monkeypatch.chdir(tmp_path)
    printed = ""
    for language, content, named in blocks():
        if language == "json":
            Path(named).write_text(content)
        elif language == "sh":
            printed = "".join(map(type_in, content.replace("\\\n", " ").splitlines()))
        elif language == "text":
            missing = [line for line in content.splitlines() if line not in printed]
            assert not missing, f"the page says so, and the command printed\n{printed}"
        else:
            assert language == "python"
            exec(compile(content, str(PAGE), "exec"), {})
    assert files(tmp_path) >= {"two-averages.json", "mine.json", "out/report.html", "out/eth.html", "out/two-averages.html"}
