"""Two bodies side by side: which sentences stayed, which changed their place, and which stretches hold the edits.

A body is compared as one stream of text, cut into sentences, so that a paragraph split in two or joined with the next
is no difference. Positions are characters of the stream; ``Body.place`` turns one into paragraph and offset.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from crawler.extraction.furniture import is_furniture
from monitor.compare.matching import Block, differing
from monitor.compare.moving import is_moving

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACE = re.compile(r"\s+")
_EAST_ASIAN = re.compile(f"[\u2e80-\u30ff{HAN}]")
_SENTENCE = re.compile(r"[^。!?;]*(?:[。!?;]+[\"'”’』」)\]》】]*|$)")
_ONE_FOR_ONE = str.maketrans(
    {
        **dict.fromkeys("“”„‟″〝〞「」『』‘’‚‛'`´", '"'),
        "′": "'",
        **dict.fromkeys("‐‑‒–—―─━−─", "-"),
        **dict.fromkeys("〜∼", "~"),
        **dict.fromkeys("•・‧∙⋅●", "·"),
        **dict.fromkeys("〔［〖", "["),
        **dict.fromkeys("〕］〗", "]"),
        **dict.fromkeys("〈《", "<"),
        **dict.fromkeys("〉》", ">"),
        **dict.fromkeys("○◯", "〇"),
    }
)
_HAN_FULL_STOP = re.compile(rf"(?<=[{HAN}])\.(?=$|[{HAN}\"'])")
_REPEATED_MARK = re.compile(r"([-.~])\1+")

COUNTER = re.compile(
    r"(?:(?:浏览|点击|阅读|访问|查看|人气)(?:次数|人数|量|数)?:\d+(?:人次|次|人)?"
    r"|已有\d+(?:人次|次|人)(?:浏览|点击|阅读|访问|查看)|\((?:浏览|点击|阅读|访问)\d+次?\))(?![\d.万亿])"
)
"""A counter of visits as pages print it inside their text; 访问量达1000万次 in a story is none."""

_LONG = 30
_SHORTEST_MOVED_PART = 12


def reading(text: str) -> str:
    """``text`` as a reader reads it: NFKC, no invisible characters, and no space but between two digits or two letters.

    ``征集 、展演`` becomes ``征集、展演``; ``2021 12`` and ``New York`` keep one space.
    """
    return _SPACE.sub(_needed_space, _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


def _needed_space(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    if before.isdigit() and after.isdigit():
        return " "
    both_letters = before.isalpha() and after.isalpha()
    return " " if both_letters and not _EAST_ASIAN.match(before) and not _EAST_ASIAN.match(after) else ""


def fold(text: str) -> str:
    """Reading text with typographic variants made one, character for character: “ ‘ and ", — and -, 〔 and [, ○ 〇.

    Two folded texts that are equal say the same; the length never changes, so positions hold in both.
    """
    return _HAN_FULL_STOP.sub("。", text.translate(_ONE_FOR_ONE))


def same_words(one: str, other: str) -> bool:
    """Whether two reading texts differ in typography alone: width, quotes, dashes, the length of a dash."""
    return one == other or _squeezed(fold(one)) == _squeezed(fold(other))


def _squeezed(folded: str) -> str:
    return _REPEATED_MARK.sub(r"\1", folded)


@dataclass(frozen=True)
class Body:
    """An article's canonical paragraphs as they are compared: reading forms, furniture and moving lines emptied.

    The numbers of ``paragraphs`` are those of the canonical ones.
    """

    paragraphs: tuple[str, ...]

    @classmethod
    def of(cls, canonical: Sequence[str], *, shared: Collection[str] = ()) -> Body:
        """The body of an article, from ``Article.canonical``.

        ``shared`` are paragraphs that the other body has too: long ones of these are not asked whether they are
        furniture, since it makes no difference.
        """
        return cls(
            tuple(
                text if (len(text) > _LONG and printed in shared) or not (is_furniture(text) or is_moving(text)) else ""
                for printed, text in ((printed, reading(printed)) for printed in canonical)
            )
        )

    @cached_property
    def stream(self) -> str:
        return "".join(self.paragraphs)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The paragraphs folded, character for character."""
        return tuple(map(fold, self.paragraphs))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        return tuple(accumulate(map(len, self.paragraphs), initial=0))

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(
            Sentence(start + match.start(), start + match.end(), key if counterless else COUNTER.sub("", key))
            for start, text in zip(self.starts, self.folded, strict=False)
            for counterless in (COUNTER.search(text) is None,)
            for match in _SENTENCE.finditer(text)
            if (key := match.group())
        )

    def place(self, position: int) -> tuple[int, int]:
        """The paragraph that holds the character at ``position``, and the offset in it."""
        paragraph = min(bisect_right(self.starts, position), len(self.paragraphs)) - 1
        return max(paragraph, 0), position - self.starts[max(paragraph, 0)]

    def is_start(self, position: int) -> bool:
        """Whether a paragraph starts at ``position``."""
        at = bisect_left(self.starts, position)
        return at < len(self.starts) and self.starts[at] == position

    def says_the_same(self, other: Body) -> bool:
        """Whether two bodies differ in nothing but typography and where paragraphs are cut."""
        mine, theirs = "".join(self.folded), "".join(other.folded)
        return mine == theirs or _squeezed(mine) == _squeezed(theirs)

    def whole_paragraphs(self, start: int, end: int) -> bool:
        """Whether ``start``..``end`` covers paragraphs from the first character to the last."""
        return start < end and self.is_start(start) and self.is_start(end)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at ``start``..``end`` of the stream; ``key`` is what it is compared by."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Span:
    """``start``..``end`` of a stream."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Move:
    """The same text at two places."""

    old: Span
    new: Span


@dataclass(frozen=True, slots=True)
class Run:
    """Text that was replaced: stretches of the older stream by stretches of the newer one.

    Either side may be empty; ``old_at`` and ``new_at`` tell where the run stands in the streams also then.
    """

    old: tuple[Span, ...]
    new: tuple[Span, ...]
    old_at: int
    new_at: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """What is left when all sentences that stayed are taken away."""

    runs: tuple[Run, ...]
    moves: tuple[Move, ...]


def align(old: Body, new: Body) -> Alignment:
    """The runs that differ between two bodies, in order, and what was moved.

    Sentences are matched by what they say (``fold``), the longest common row first; of those left over, a whole
    paragraph, or a part of at least 12 characters, that stands elsewhere in the other body was moved. One long
    paragraph that passed two short ones would come out as two moves: where anything moved, whole paragraphs are matched
    first as well, and what takes fewer words is told.
    """
    found = _alignment(old, new, _changed(old, new, (0, len(old.sentences)), (0, len(new.sentences))))
    if not found.moves:
        return found
    return min(found, _alignment(old, new, _changed_between_paragraphs(old, new)), key=_told)


def _told(found: Alignment) -> tuple[int, int]:
    """How many pieces an alignment tells, and how many characters of text that did not stay."""
    spans = [span for run in found.runs for span in (*run.old, *run.new)]
    return len(found.moves) + len(spans), sum(span.end - span.start for span in spans)


def _changed(old: Body, new: Body, of_old: tuple[int, int], of_new: tuple[int, int]) -> list[Block]:
    """The blocks of sentences that differ within these ranges."""
    first, there = of_old[0], of_new[0]
    was, now = [s.key for s in old.sentences[slice(*of_old)]], [s.key for s in new.sentences[slice(*of_new)]]
    return [(first + i1, first + i2, there + j1, there + j2) for i1, i2, j1, j2 in differing(was, now)]


def _changed_between_paragraphs(old: Body, new: Body) -> list[Block]:
    """The same, where paragraphs that say the same are taken away as wholes before."""
    was, now = _first_sentences(old), _first_sentences(new)
    return [
        block
        for i1, i2, j1, j2 in differing(old.folded, new.folded)
        for block in _changed(old, new, (was[i1], was[i2]), (now[j1], now[j2]))
    ]


def _first_sentences(body: Body) -> list[int]:
    """The number of each paragraph's first sentence."""
    begins = [sentence.start for sentence in body.sentences]
    return [bisect_left(begins, at) for at in body.starts]


def _alignment(old: Body, new: Body, blocks: Sequence[Block]) -> Alignment:
    moves = _moves(old, new, blocks)
    old_moved = {index for first, _, count in moves for index in range(first, first + count)}
    new_moved = {index for _, first, count in moves for index in range(first, first + count)}
    runs = [
        Run(
            _spans(old.sentences, range(i1, i2), old_moved),
            _spans(new.sentences, range(j1, j2), new_moved),
            _position(old, i1),
            _position(new, j1),
        )
        for i1, i2, j1, j2 in blocks
    ]
    return Alignment(
        tuple(run for run in runs if run.old or run.new),
        tuple(Move(_covered(old, first, count), _covered(new, there, count)) for first, there, count in moves),
    )


def _position(body: Body, sentence: int) -> int:
    return body.sentences[sentence].start if sentence < len(body.sentences) else len(body.stream)


def _covered(body: Body, first: int, count: int) -> Span:
    return Span(body.sentences[first].start, body.sentences[first + count - 1].end)


def _spans(sentences: Sequence[Sentence], indexes: range, moved: set[int]) -> tuple[Span, ...]:
    """The sentences of ``indexes`` that were not moved, adjoining ones joined."""
    spans: list[Span] = []
    for sentence in (sentences[index] for index in indexes if index not in moved):
        if spans and spans[-1].end == sentence.start:
            spans[-1] = Span(spans[-1].start, sentence.end)
        else:
            spans.append(Span(sentence.start, sentence.end))
    return tuple(spans)


def _moves(old: Body, new: Body, blocks: Sequence[Block]) -> list[tuple[int, int, int]]:
    """Rows of sentences that left one place and came to another: (first in old, first in new, how many)."""
    arrived: dict[str, deque[int]] = defaultdict(deque)
    for _, _, j1, j2 in blocks:
        for index in range(j1, j2):
            arrived[new.sentences[index].key].append(index)
    rows: list[tuple[int, int, int]] = []
    for i1, i2, _, _ in blocks:
        for index in range(i1, i2):
            waiting = arrived.get(old.sentences[index].key)
            if not waiting:
                continue
            there = waiting.popleft()
            first, start, count = rows[-1] if rows else (-1, -1, 0)
            if (first + count, start + count) == (index, there) and not old.is_start(old.sentences[index].start):
                rows[-1] = (first, start, count + 1)
            else:
                rows.append((index, there, 1))
    left = _stayed_in(old, [block[:2] for block in blocks])
    right = _stayed_in(new, [block[2:] for block in blocks])
    return [row for row in rows if _is_move(old, new, row, left, right)]


def _stayed_in(body: Body, changed: Sequence[tuple[int, int]]) -> set[int]:
    """The paragraphs of which some sentence stayed in its place."""
    gone = {index for first, end in changed for index in range(first, end)}
    return {body.place(s.start)[0] for index, s in enumerate(body.sentences) if index not in gone}


def _is_move(old: Body, new: Body, row: tuple[int, int, int], left: set[int], right: set[int]) -> bool:
    """Whether a row is a whole paragraph, or a long part of one whose rest stayed.

    A part of a paragraph of which nothing stayed is left to ``edits``: the paragraph may have moved and been edited.
    """
    first, there, count = row
    here, now = _covered(old, first, count), _covered(new, there, count)
    if old.whole_paragraphs(here.start, here.end) and new.whole_paragraphs(now.start, now.end):
        return True
    rest_stayed = old.place(here.start)[0] in left or new.place(now.start)[0] in right
    return rest_stayed and here.end - here.start >= _SHORTEST_MOVED_PART
