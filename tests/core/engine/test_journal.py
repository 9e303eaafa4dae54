"""A journal that is made where it is read says the same from any place on."""

from __future__ import annotations

import pytest
from tests.laws.random_sessions import RandomSession, random_session

from assay.core.engine.backtest import backtest
from assay.core.engine.journal import Journal, play
from assay.core.results.head import head


def played(session: RandomSession) -> Journal:
    return play(session.document, session.inputs, session.account)


@pytest.mark.parametrize("seed", range(30))
def test_a_journal_read_from_any_number_goes_on_as_the_whole_does(seed: int) -> None:
    journal = played(random_session(seed))
    whole = list(journal.read())
    assert len(journal) == len(whole)
    for after in range(0, len(whole) + 2, 7):
        assert list(journal.read(after)) == whole[after:]
        assert list(journal.read(after, 5)) == whole[after : after + 5]


@pytest.mark.parametrize("seed", range(10))
def test_equal_runs_have_equal_heads_and_a_changed_cent_changes_them(seed: int) -> None:
    session = random_session(seed)
    journal = played(session)
    assert head(journal.result) == head(backtest(session.document, session.inputs, session.account))
    journal.run.equity[-1] += 0.01
    assert head(journal.result) != head(backtest(session.document, session.inputs, session.account))
