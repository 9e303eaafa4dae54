"""A topic keeps its newest word: who is slow skips what was overtaken, and costs nobody anything."""

from __future__ import annotations

import asyncio

import pytest

from assay.runtime.hub import Hub, Post

pytestmark = pytest.mark.anyio


async def test_a_slow_subscriber_hears_the_newest_and_skips_the_rest() -> None:
    hub: Hub[int] = Hub()
    slow = hub.subscribe("jobs.a")
    for number in range(1_000):
        hub.publish("jobs.a", number)
    post = await slow.next()
    assert post is not None
    assert (post.value, post.seq) == (999, 1_000)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(slow.next(), 0)


async def test_a_post_is_encoded_once_for_everybody() -> None:
    hub: Hub[int] = Hub()
    several = [hub.subscribe("jobs.a") for _ in range(5)]
    hub.publish("jobs.a", 7)
    encodings = 0

    def encode(post: Post[int]) -> str:
        nonlocal encodings
        encodings += 1
        return str(post.value)

    posts = [await subscription.next() for subscription in several]
    assert [post.encoded(encode) for post in posts if post is not None] == ["7"] * 5
    assert encodings == 1


async def test_a_wake_says_only_that_there_is_more() -> None:
    hub: Hub[int] = Hub()
    here, there = hub.subscribe("session.a"), hub.subscribe("session.b")
    hub.wake("session.a")
    assert await here.next() is None
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(there.next(), 0)


async def test_who_left_hears_no_more_and_leaves_nothing_behind() -> None:
    hub: Hub[int] = Hub()
    gone = hub.subscribe("jobs.a")
    gone.close()
    gone.close()
    hub.publish("jobs.a", 1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(gone.next(), 0)
    hub.forget("jobs.a")
    assert hub.newest("jobs.a") is None
