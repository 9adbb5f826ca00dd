"""Passages of a text around the words that were looked for, as spans: whoever shows them escapes them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.search.matching import Places, Span
from monitor.words import cut
from storage.folding import unfolded

BEFORE, AROUND = 24, 90
"""Characters shown before the first mark of a snippet, and in all."""
MOST_PLACES = 400
"""Places of a word that are weighed: a word of one character may stand in a long text ten thousand times."""
_EDGE = 12


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage; ``marks`` are the spans of ``text`` that were looked for, ascending and apart from each other.

    ``cut_before`` and ``cut_after`` say whether its paragraph goes on there.
    """

    text: str
    marks: tuple[Span, ...] = ()
    cut_before: bool = False
    cut_after: bool = False


def title_marks(title: str, places: Places) -> tuple[Span, ...]:
    """The spans of a title that were looked for."""
    return _apart(unfolded(title, [span for spans in places.title for span in spans]))


def snippets(text: str, places: Places, most: int = 2) -> tuple[Snippet, ...]:
    """The ``most`` passages that show most of the words, in the order of the text; its beginning where it has none."""
    marks = [(span, word) for word, spans in enumerate(places.text) for span in spans[:MOST_PLACES]]
    found = dict(zip(unfolded(text, [span for span, _ in marks]), [word for _, word in marks], strict=False))
    ordered = sorted(found)
    chosen: list[tuple[Span, list[Span]]] = []
    shown: set[int] = set()
    while len(chosen) < most:
        free = [span for span in ordered if all(span[1] <= a or span[0] >= b for (a, b), _ in chosen)]
        best = max(_stretches(text, free), key=lambda marks: _worth(marks, found, shown), default=None)
        if best is None or (chosen and not {found[span] for span in best} - shown and len(places.text) > 1):
            break
        shown |= {found[span] for span in best}
        chosen.append((_window(text, best), best))
    if not chosen:
        chosen = [(_window(text, [(0, 0)]), [])]
    return tuple(_snippet(text, window, marks) for window, marks in sorted(chosen))


def _worth(marks: Sequence[Span], words: dict[Span, int], shown: set[int]) -> tuple[int, int, int]:
    held = {words[span] for span in marks}
    return len(held - shown), len(held), min(len(marks), 3)


def _stretches(text: str, marks: Sequence[Span]) -> Iterator[list[Span]]:
    """For each mark those that stand in one passage with it, itself the first."""
    for place, first in enumerate(marks):
        end = text.find("\n", first[1])
        limit = min(end if end >= 0 else len(text), max(first[0] + AROUND - BEFORE, first[1]))
        behind = []
        for span in marks[place:]:
            if span[1] > limit:
                break
            behind.append(span)
        yield behind or [first]


def _window(text: str, marks: Sequence[Span]) -> Span:
    """The passage around marks: within their paragraph, beginning and ending where a word does."""
    first, last = marks[0][0], marks[-1][1]
    line = text.rfind("\n", 0, first) + 1
    end = text.find("\n", last)
    end = len(text) if end < 0 else end
    start = max(line, first - BEFORE)
    stop = min(end, max(last, start + AROUND))
    start = max(line, min(start, stop - AROUND))
    if start > line:
        start = _boundary(text, start, first, line)
    if stop < end:
        stop = _boundary_back(text, stop, last, end)
    return start, stop


def _boundary(text: str, place: int, latest: int, line: int) -> int:
    """The first place from ``place`` on at which a word begins, not behind ``latest``."""
    at = origin = max(line, place - _EDGE)
    for word in cut(text[origin : latest + _EDGE]):
        if at >= place:
            break
        at += len(word)
    return min(at, latest)


def _boundary_back(text: str, place: int, earliest: int, end: int) -> int:
    """The last place up to ``place`` at which a word ends, not before ``earliest``."""
    at = held = max(0, earliest - _EDGE)
    for word in cut(text[at : min(end, place + _EDGE)]):
        held += len(word)
        if held > place:
            break
        at = held
    return max(at, earliest)


def _snippet(text: str, window: Span, marks: Sequence[Span]) -> Snippet:
    start, stop = window
    line = text.rfind("\n", 0, start) + 1
    shown = text[start:stop]
    lead = len(shown) - len(shown.lstrip())
    inside = [(a - start - lead, b - start - lead) for a, b in marks if a >= start and b <= stop]
    after = stop < len(text) and text[stop] != "\n"
    return Snippet(shown.strip(), _apart(inside), start + lead > line and start > line, after)


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch each other joined."""
    joined: list[Span] = []
    for start, end in sorted(set(spans)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
