"""Pages known to be as they were without reading them: how many, and whether an edit ever hides among what moves.

``python -m bench.calm [FOLDER] [--pages N] [--rounds N]`` (``make bench-calm``) takes real pages with furniture that
moves (``bench.noise``). Two states of a page teach its places (``crawler.calm``); a third, in which only the
furniture moved again, should be known without reading; and no edit of ``bench.signal`` put into that third state may
be: that would be an edit lost. Prints a line a kind of furniture. Exit status 1 where an edit was hidden.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench.manuscript import Manuscript
from bench.noise import FURNITURE
from bench.signal import EDITS, chosen_pages, write
from bench.spots import put, somewhere
from crawler.calm import calm_of, is_calm, learn_calm
from crawler.extraction.read import read_page
from crawler.finding import fingerprint
from storage.records import Role

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CROWD = "everything at once"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.calm", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of *.html")
    parser.add_argument("--pages", type=int, help="use only so many pages, spread over all")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    origin, chosen = chosen_pages(given.folder)
    pages = chosen[:: max(1, len(chosen) // given.pages) if given.pages else 1]
    write([f"{len(pages)} pages of {origin}", _row("what moves", "states", "learned", "known", "edits", "hidden")])
    whole: Counter[str] = Counter()
    for kind in (*FURNITURE, CROWD):
        counted: Counter[str] = Counter()
        for page in pages:
            for round_ in range(given.rounds):
                counted.update(_tried(page, kind, Random(f"{given.seed} {kind} {page.name} {round_}")))
        whole += counted
        write([_told(kind, counted)])
    write([_told("all", whole)])
    return int(bool(whole["hidden"]))


def _told(kind: str, counted: Counter[str]) -> str:
    return _row(kind, *(str(counted[name]) for name in ("states", "learned", "known", "edits", "hidden")))


def _row(kind: str, *figures: str) -> str:
    return f"{kind:22}" + "".join(f"{figure:>8}" for figure in figures)


def _tried(page: Manuscript, kind: str, dice: Random) -> Iterator[str]:
    """What came of one page and one kind, a word each time."""
    states = _states(page, kind, dice)
    if states is None:
        return
    first, second, third = (page.written(put(page, state)) for state in states)
    said = _said(second)
    if first == second or _said(first) != said:
        return
    yield "states"
    calm = learn_calm(first, second, calm_of(second, "bench", 1, NOW), lambda body: _said(body) == said)
    if not calm.rest:
        return
    yield "learned"
    if is_calm(third, calm, "bench", 1, NOW):
        yield "known"
    for edited in _edited(page, states[2], dice):
        yield "edits"
        if is_calm(edited, calm, "bench", 1, NOW) and _said(edited) != said:
            yield "hidden"


def _states(page: Manuscript, kind: str, dice: Random) -> list[dict[int, str]] | None:
    states: list[dict[int, str]] = [{}, {}, {}]
    for name in FURNITURE if kind == CROWD else (kind,):
        at, style = somewhere(page, dice, FURNITURE[name].places), dice.randrange(1000)
        if at is None or (kind == CROWD and dice.random() < 0.4):
            continue
        for state in states:
            state[at] = state.get(at, "") + FURNITURE[name].speak(dice, style)
    return states if states[0] else None


def _edited(page: Manuscript, furniture: Mapping[int, str], dice: Random) -> Iterator[bytes]:
    """Every edit that the page has room for, with the furniture where it stood."""
    for makers in EDITS.values():
        made = next((found for maker in makers if (found := maker(page, dice))), None)
        if made is None:
            continue
        new = made.new if made.old == page.html else made.old
        head = _common(page.html, new)
        tail = min(_common(page.html[::-1], new[::-1]), min(len(page.html), len(new)) - head)
        shift, behind = len(new) - len(page.html), len(page.html) - tail
        if new == page.html or any(head < at < behind for at in furniture):
            continue
        for at in sorted(furniture, reverse=True):
            place = at if at <= head else at + shift
            new = new[:place] + furniture[at] + new[place:]
        yield page.written(new)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _said(body: bytes) -> str:
    return fingerprint(read_page(body, role=Role.ARTICLE))


if __name__ == "__main__":
    sys.exit(main())
