"""Letters on the screen: how far each is, and what ``status`` says of those that did not arrive. Light to load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor import tell
from monitor.commands.screen import DONE, FAILED, Context, out, out_json
from storage.outbox import LOST, UNDER_WAY, Letter, LetterState, Outbox
from storage.records import CHINA

REMEMBERED = timedelta(days=7)
"""How long ``status`` speaks of a letter that did not arrive."""


@dataclass(frozen=True, slots=True)
class Post:
    """How the letters of a home fare: how many are in each state, those lost lately, those that meet with trouble."""

    counts: Mapping[LetterState, int]
    lost: tuple[Letter, ...]
    late: tuple[Letter, ...]

    @property
    def status(self) -> int:
        """The exit status of whoever tells it."""
        return FAILED if self.lost else DONE

    def lines(self, options: Context) -> Iterator[str]:
        """What a person should know; nothing where no letter was ever posted."""
        if self.counts:
            counted = (f"{_state(state, options)} {number}" for state, number in self.counts.items())
            yield options.says("post", "  ".join(counted))
        for letter in (*self.lost, *self.late):
            yield options.says("post", letter_line(letter, options))

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        undelivered = [letter_json(letter) for letter in (*self.lost, *self.late)]
        return {"letters": {state.value: number for state, number in self.counts.items()}, "undelivered": undelivered}


def post_of(outbox: Outbox, now: datetime) -> Post:
    """How the letters fare now."""
    lost = [letter for letter in outbox.letters(LOST) if letter.next_at >= now - REMEMBERED]
    late = [letter for letter in outbox.letters(UNDER_WAY) if letter.last_error]
    return Post(outbox.counts(), tuple(lost), tuple(late))


def tell_letters(letters: Iterable[Letter], options: Context, *, as_json: bool) -> None:
    """A line a letter: how far it is, what it tells, to whom, and what went wrong."""
    for letter in letters:
        if as_json:
            out_json(letter_json(letter))
        else:
            out(letter_line(letter, options))


def letter_line(letter: Letter, options: Context) -> str:
    """``待发  digest:2026-11-22  desk  mail:l…@example.org  11-23 08:30  第 2 次: 451 …``."""
    moment = letter.sent_at or letter.next_at
    when = f"{moment.astimezone(CHINA):%m-%d %H:%M}"
    fault = ""
    if letter.last_error:
        fault = "  " + options.says("attempt", letter.attempts, tell.printable(letter.last_error))
    return f"{_state(letter.state, options)}  {letter.item}  {letter.subscriber}  {letter.label}  {when}{fault}"


def _state(state: LetterState, options: Context) -> str:
    return options.says(f"letter-{state.value.replace('_', '-')}")


def letter_json(letter: Letter) -> dict[str, object]:
    """A letter for programs; its address is masked."""
    return {
        "item": letter.item,
        "subscriber": letter.subscriber,
        "address": letter.label,
        "state": letter.state.value,
        "attempts": letter.attempts,
        "created_at": tell.china_time(letter.created_at),
        "next_at": tell.china_time(letter.next_at) if letter.state in UNDER_WAY else None,
        "sent_at": tell.china_time(letter.sent_at) if letter.sent_at else None,
        "error": letter.last_error,
    }
