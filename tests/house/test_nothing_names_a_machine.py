"""No tracked file names a package registry's host, an index, or a path of one machine: a clone works anywhere or not at all."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Written in pieces, so that this file does not name them either.
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "npm" + "mirror.com",
    "crates" + ".io",
    "proxy.golang" + ".org",
)
OPTIONS = ("--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--default" + "-index")
PATHS = ("/ro" + "ot/", "/ho" + "me/", "/Use" + "rs/", "/o" + "pt/", "/wo" + "rk/", "file" + "://", "C:" + "\\\\")
NAMED = re.compile("|".join(re.escape(name) for name in (*HOSTS, *PATHS)))


def tracked() -> list[Path]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git repository: nothing is tracked")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    content = path.read_bytes()
    return "" if b"\0" in content[:8192] else content.decode(errors="replace")


def test_no_file_names_a_registry_or_a_machine() -> None:
    named = [f"{path.relative_to(ROOT)}: {found}" for path in tracked() for found in sorted(set(NAMED.findall(text_of(path))))]
    assert not named, f"write it relative to the repository, or leave it to the user's own configuration: {named}"


def is_loose(requirement: str) -> bool:
    pinned = re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", requirement)
    return not pinned or "--hash=sha256:" not in requirement or any(option in requirement for option in OPTIONS)


def test_every_requirement_is_pinned_and_hashed() -> None:
    requirements = [
        (path.name, requirement)
        for path in sorted((ROOT / "requirements").glob("*.txt"))
        for requirement in re.split(r"\n(?=\S)", path.read_text().strip())
    ]
    loose = [f"{name}: {requirement.splitlines()[0]}" for name, requirement in requirements if is_loose(requirement)]
    assert requirements, "requirements/*.txt are there"
    assert not loose, f"run `make lock`: {loose}"
