"""One engine in a process of its own: no engine inherits another's heap, caches or settings."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import time
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.work import Answer

_CONTEXT = multiprocessing.get_context("spawn")


class Worker:
    """Answers one question at a time; the arrays are made, and everything is compiled, before the clock runs."""

    def __init__(self, module: str, engine: str) -> None:
        self._here, there = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(there, module, engine), daemon=True)
        self._process.start()
        self.can: set[str] = self._receive()

    def ask(self, item: str) -> tuple[float, Answer]:
        """Seconds, and the answer."""
        self._here.send(item)
        seconds, answer = self._receive()
        return seconds, answer

    def close(self) -> None:
        self._here.send(None)
        self._process.join()

    def _receive(self) -> Any:
        received = self._here.recv()
        if isinstance(received, Exception):
            raise received
        return received


def _serve(there: Connection, module: str, engine: str) -> None:
    try:
        contestants = importlib.import_module(f"benchmarks.{module}").contestants(engine)
    except Exception as error:  # noqa: BLE001  # handed to the process that asked
        there.send(error)
        return
    there.send(set(contestants))
    while (item := there.recv()) is not None:
        gc.collect()
        start = time.perf_counter()
        try:
            answer = contestants[item]()
        except Exception as error:  # noqa: BLE001  # handed to the process that asked
            there.send(error)
        else:
            there.send((time.perf_counter() - start, answer))
