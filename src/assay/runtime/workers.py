"""Computation happens in a few threads beside the event loop: kernels let go of the interpreter, so the loop goes on answering."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
T = TypeVar("T")


class Workers:
    """At most `count` computations at once; more wait their turn."""

    def __init__(self, count: int) -> None:
        assert count >= 1
        self.count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="worker")

    async def run(self, function: Callable[Given, T], *args: Given.args, **kwargs: Given.kwargs) -> T:
        """What the function answers, or what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: function(*args, **kwargs))

    def close(self) -> None:
        """What waits is not begun; what runs ends on its own."""
        self._pool.shutdown(wait=True, cancel_futures=True)
