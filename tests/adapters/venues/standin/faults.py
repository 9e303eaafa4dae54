"""What can be made to go wrong, each once or for ever, at the next request or message that comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """In place of what would have been answered; `hangs` answers nothing until the client goes away, `cut` breaks off the connection."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    hangs: bool = False
    cut: bool = False


@dataclass
class Faults:
    """Of REST by a word in its path, first come first served; of sockets, what happens to the messages that are sent."""

    answers: list[tuple[str, Answer]] = field(default_factory=list)
    silent: bool = False
    lose: int = 0
    double: bool = False
    garbage: list[str] = field(default_factory=list)
    refuse_sockets: Answer | None = None

    def at(self, word: str, answer: Answer, times: int = 1) -> None:
        """The next `times` requests whose path holds `word` get this."""
        self.answers += [(word, answer)] * times

    def next(self, path: str) -> Answer | None:
        for place, (word, answer) in enumerate(self.answers):
            if word in path:
                del self.answers[place]
                return answer
        return None
