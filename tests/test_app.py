"""The platform as it is started: what it begins with, what it says, and how it stops."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ASSAY = str(Path(sys.executable).with_name("assay"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def started(home: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [ASSAY, "serve", "--home", str(home), "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def asked(port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1{path}", timeout=10) as answer:
        return json.load(answer)


def stopped(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    return told


def test_it_begins_with_something_to_look_at_and_ends_when_it_is_told(tmp_path: Path) -> None:
    port = free_port()
    for _ in range(2):
        process = started(tmp_path, port)
        assert process.stdout is not None
        assert process.stdout.readline() == f"Assay is at http://127.0.0.1:{port}\n"
        assert asked(port, "/health/ready")["status"] == "ok"
        deadline = time.monotonic() + 120
        while asked(port, "/results")["total"] < 2 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert [asked(port, path)["total"] for path in ("/results", "/strategies", "/catalog/instruments")] == [2, 8, 9]
        assert "error" not in stopped(process)


def test_a_taken_port_is_said_in_a_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        process = started(tmp_path, port)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert re.fullmatch(rf"--port: port {port} of 127.0.0.1 cannot be had .*--port {port + 1}\n", told)


def test_an_address_that_others_reach_is_refused_in_a_line(tmp_path: Path) -> None:
    process = subprocess.run(
        [ASSAY, "serve", "--home", str(tmp_path), "--host", "0.0.0.0"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (process.returncode, process.stderr.count("\n")) == (2, 1)
    assert "there are no accounts yet" in process.stderr


def test_a_backtest_needs_no_web_framework() -> None:
    code = "import sys, assay.cli.commands, assay.interface; print({'fastapi', 'starlette', 'uvicorn', 'sqlalchemy'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
