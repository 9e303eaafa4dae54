"""A real server, killed while sessions run, goes on with them when it starts again; and a client that does not read harms nobody."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from assay.adapters.files.strategies import template_text
from assay.adapters.store.candles import CandleFiles
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars

ROOT = Path(__file__).parents[2]
NAME = "synthetic:LONG/USD"
BARS = 200_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Bars enough for a session to take a while."""
    ts = np.arange(BARS, dtype=np.int64) * 60_000_000_000 + 1_600_000_000_000_000_000 // 60_000_000_000 * 60_000_000_000
    close = 100.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.0007, BARS)))
    CandleFiles(tmp_path).write(Bars(NAME, Timeframe("1m"), ts, close, close * 1.001, close * 0.999, close, np.ones(BARS)))
    return tmp_path


class Server:
    """The platform as a process of our own."""

    def __init__(self, home: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        environment = {**os.environ, "ASSAY_HOME": str(home), "ASSAY_WORKERS": "1"}
        command = [sys.executable, "-c", "from assay.cli.main import main; main()", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60.0
        while time.monotonic() < until:
            try:
                self.call("GET", "/health/ready")
                return
            except OSError:
                assert self.process.poll() is None, "the server has ended"
                time.sleep(0.05)
        raise AssertionError("the server does not come up")

    def call(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1{path}", method=method)
        request.add_header("Content-Type", "application/json")
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, data) as answer:
            return json.load(answer)

    def start(self) -> str:
        order = {"document": json.loads(template_text("sma_cross")), "universe": [NAME], "timeframe": "1m"}
        return str(self.call("POST", "/sessions", order)["id"])

    def head(self, session_id: str) -> str:
        """Of the result, when there is one."""
        until = time.monotonic() + 60.0
        while time.monotonic() < until:
            state = self.call("GET", f"/sessions/{session_id}")["state"]
            if state == "finished":
                return str(self.call("GET", f"/results/{session_id}")["head"])
            assert state in ("queued", "running"), state
            time.sleep(0.02)
        raise AssertionError(f"session {session_id} has not finished")

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(30)


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    server = Server(home)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.end(signal.SIGKILL)


def closing_code(client: ClientConnection) -> int | None:
    """What the server says when it closes, after everything that it had said before."""
    try:
        while True:
            client.recv(20)
    except ConnectionClosed as closed:
        return None if closed.rcvd is None else closed.rcvd.code


def test_sessions_of_a_killed_server_come_to_the_same(home: Path) -> None:
    with serving(home) as server:
        undisturbed = server.head(server.start())
        several = [server.start() for _ in range(4)]
        states = [server.call("GET", f"/sessions/{each}")["state"] for each in several]
        server.end(signal.SIGKILL)
    assert "running" in states or "queued" in states, "nothing was cut off"
    with serving(home) as server:
        assert [server.head(each) for each in several] == [undisturbed] * 4
        assert server.call("GET", "/sessions?limit=200&state=failed")["total"] == 0


def test_a_client_that_does_not_read_slows_nobody_and_hears_why_it_was_cut(home: Path) -> None:
    with serving(home) as server:
        session_id = server.start()
        server.head(session_id)
        subscription = json.dumps({"type": "subscribe", "topic": f"session.{session_id}", "after": 0})
        with (
            connect(f"ws://127.0.0.1:{server.port}/ws", max_queue=1) as deaf,
            connect(f"ws://127.0.0.1:{server.port}/ws") as other,
        ):
            deaf.send(subscription)
            other.send(subscription)
            assert json.loads(other.recv(10))["type"] == "ack"
            assert [json.loads(other.recv(10))["seq"] for _ in range(20_000)] == list(range(1, 20_001))
            time.sleep(6.0)
            assert closing_code(deaf) == 1013


def test_a_server_that_stops_says_so_to_everybody(home: Path) -> None:
    with serving(home) as server, connect(f"ws://127.0.0.1:{server.port}/ws") as client:
        client.send('{"type": "ping"}')
        client.recv(10)
        server.process.send_signal(signal.SIGTERM)
        assert closing_code(client) == 1001
        assert server.process.wait(30) == 0
