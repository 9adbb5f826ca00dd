"""Work dealt out to a process a core: answers come in the order of what was asked, each as soon as it can be told.

A pool of the standard library waits for all of its work when it is interrupted, and gives all of it up when one process
dies. Here only so much is under way that a slow piece of work holds nobody else up, and a dead process is one answer.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar, cast

AHEAD = 512
"""Answers that may wait for an earlier one: memory stays what it is however much is asked."""

_Asked = TypeVar("_Asked")
_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Died:
    """In place of an answer: the process that worked on it died, ``status`` being its exit status."""

    status: int | None


class _Member(Generic[_Asked, _Told]):
    """One process; ``place`` is that of the work it does now."""

    def __init__(self, work: Callable[[_Asked], _Told]) -> None:
        self._work = work
        self.place: int | None = None
        self._start()

    def _start(self) -> None:
        # Spawned, not forked: what this process has open is none of the others' business.
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._work), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, place: int, asked: _Asked) -> None:
        """Begin a piece of work."""
        self.place = place
        with suppress(OSError):  # it died at its start: its answer says so
            self.pipe.send(asked)

    def answer(self) -> tuple[int, _Told | Died]:
        """The place of its work, and what came of it; where it died of it, another process takes its place."""
        place, self.place = self.place, None
        assert place is not None
        try:
            return place, self.pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            died = Died(self._process.exitcode)
            self.end()
            self._start()
            return place, died

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection, work: Callable[[_Asked], _Told]) -> None:
    """A process's life: it answers until nobody asks any more. The keyboard's interrupt is for who asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what is loaded by now stays: the collector need not go through it at every round
    with suppress(EOFError, OSError):
        while True:
            pipe.send(work(pipe.recv()))


def in_order(
    work: Callable[[_Asked], _Told], asked: Iterable[_Asked], processes: int, *, ahead: int = AHEAD
) -> Iterator[_Told | Died]:
    """The answers of ``work``, which other processes can import and which raises nothing, to all that is asked."""
    crew: list[_Member[_Asked, _Told]] = []
    left = enumerate(asked)
    answers: dict[int, _Told | Died] = {}
    given = told = 0
    try:
        crew += (_Member(work) for _ in range(processes))
        while True:
            for member in crew:
                if member.place is None and given < told + ahead and (task := next(left, None)) is not None:
                    member.give(*task)
                    given += 1
            busy = {member.pipe: member for member in crew if member.place is not None}
            if not busy:
                return
            for pipe in wait(list(busy)):
                place, answer = busy[cast(Connection, pipe)].answer()
                answers[place] = answer
            while told in answers:
                yield answers.pop(told)
                told += 1
    finally:
        for member in crew:
            member.end()
