"""The tutorial of the platform is true: its commands are typed in order against a platform just started, and what it says is printed is."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.test_app import asked, free_port, started, stopped

PAGE = Path(__file__).parents[1] / "docs/tutorials/ten-minutes.md"
SHELL = ["bash", "-euo", "pipefail", "-c"]


def test_ten_minutes_go_as_the_tutorial_says(tmp_path: Path) -> None:
    port = free_port()
    process = started(tmp_path / "home", port)
    assert process.stdout is not None
    assert process.stdout.readline() == f"Assay is at http://127.0.0.1:{port}\n"
    printed, named = "", ""
    for language, content in re.findall(r"^```(\w+)\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL):
        if content == "make run\n":
            continue
        if language == "text":
            assert content.strip() in printed, f"the page says so, and the command printed\n{printed}"
            continue
        assert language == "sh"
        typed = content.replace(":8000", f":{port}")
        done = subprocess.run([*SHELL, named + typed], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{content}\n{done.stderr}"
        printed = done.stdout
        named += "".join(re.findall(r"^[A-Z]+=.*\n", typed, re.MULTILINE))
    assert asked(port, "/sessions")["total"] >= 2
    assert "<html" in (tmp_path / "report.html").read_text()[:500]
    stopped(process)
