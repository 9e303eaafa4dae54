"""The page about formulas says what the language is."""

from __future__ import annotations

from tests.house.formula_reference import ANEW, PAGE, page


def test_the_page_is_what_the_language_says() -> None:
    assert PAGE.read_text() == page(), f"the language has changed: run `{ANEW}`"
