"""The venue's time is its own word carried on, whatever is done to the clock of this machine."""

from __future__ import annotations

from datetime import timedelta

from tests.adapters.venues.standin.world import World

from assay.adapters.venues.ccxt.venue_clock import VenueClock


def test_it_runs_on_while_the_machines_clock_is_moved() -> None:
    world = World()
    clock = VenueClock(world, world.monotonic)
    told = world.now() + timedelta(seconds=40)
    clock.set(told)
    world.pass_(5.0)
    world.at -= timedelta(hours=1)
    assert clock.now() == told + timedelta(seconds=5)


def test_it_has_to_be_set_again_when_a_clock_was_moved_or_much_time_has_passed() -> None:
    world = World()
    clock = VenueClock(world, world.monotonic)
    assert not clock.is_fresh()
    clock.set(world.now())
    assert clock.is_fresh()
    world.at += timedelta(hours=1)
    assert not clock.is_fresh()
    clock.set(world.now())
    world.pass_(599.0)
    assert clock.is_fresh()
    world.pass_(2.0)
    assert not clock.is_fresh()


def test_until_it_is_told_it_is_ours() -> None:
    world = World()
    assert VenueClock(world, world.monotonic).now() == world.now()
