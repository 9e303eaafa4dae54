"""Who wants to hear of a topic, and what it last said.

A topic is latest-wins: it keeps its newest post and no other, so a subscriber who is slow skips what was overtaken and costs no memory.
A session's journal is not kept here: its topic only wakes those who then read on from where they are.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(eq=False, slots=True)
class Post(Generic[Value]):
    """What a topic said, the `seq`-th time it did. It is encoded by the first who writes it to a wire, for everybody."""

    topic: str
    seq: int
    value: Value
    _encoded: str | None = None

    def encoded(self, encode: Callable[[Post[Value]], str]) -> str:
        if self._encoded is None:
            self._encoded = encode(self)
        return self._encoded


class Subscription(Generic[Value]):
    """One subscriber's place at one topic: the newest post that was not taken yet."""

    def __init__(self, hub: Hub[Value], topic: str) -> None:
        self._hub, self._topic = hub, topic
        self._woken = asyncio.Event()
        self._newest: Post[Value] | None = None

    async def next(self) -> Post[Value] | None:
        """Wait until something was said since the last call; None where the topic only called."""
        await self._woken.wait()
        self._woken.clear()
        post, self._newest = self._newest, None
        return post

    def tell(self, post: Post[Value] | None) -> None:
        self._newest = post
        self._woken.set()

    def close(self) -> None:
        self._hub.leave(self._topic, self)


class Hub(Generic[Value]):
    """All topics of the process. It belongs to the event loop: threads reach it through `loop.call_soon_threadsafe`."""

    def __init__(self) -> None:
        self._subscribers: defaultdict[str, set[Subscription[Value]]] = defaultdict(set)
        self._posts: dict[str, Post[Value]] = {}

    def publish(self, topic: str, value: Value) -> None:
        """The newest post replaces the one before."""
        before = self._posts.get(topic)
        post = self._posts[topic] = Post(topic, 1 if before is None else before.seq + 1, value)
        for subscriber in self._subscribers.get(topic, ()):
            subscriber.tell(post)

    def wake(self, topic: str) -> None:
        """There is more to read."""
        for subscriber in self._subscribers.get(topic, ()):
            subscriber.tell(None)

    def newest(self, topic: str) -> Post[Value] | None:
        return self._posts.get(topic)

    def forget(self, topic: str) -> None:
        self._posts.pop(topic, None)

    def subscribe(self, topic: str) -> Subscription[Value]:
        subscription = Subscription(self, topic)
        self._subscribers[topic].add(subscription)
        return subscription

    def leave(self, topic: str, subscription: Subscription[Value]) -> None:
        """Twice is once."""
        self._subscribers[topic].discard(subscription)
        if not self._subscribers[topic]:
            del self._subscribers[topic]
