"""The page about the command line says what the commands say."""

from __future__ import annotations

from tests.house.cli_reference import ANEW, PAGE, page


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text() == page(), f"the commands have changed: run `{ANEW}`"
