"""Learning a site's template from pages of its own: pure, the same from the pages in any order.

What only one page says is its story, and the box that holds most of it is where the story stands. Outside it, a block
that says the same on every page is the template's. Inside it, a line is the template's only if nearly every page has
it at the story's edge. Numbers may move in such lines only where they count readers, or moved between visits to pages:
the figures of a bulletin (prices, weather) move too, and are its news.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from crawler.extraction.counters import counts_readers, has_clock, tells_time, without_time
from crawler.extraction.formulas import is_entry, is_formula
from crawler.extraction.furniture import is_furniture, is_label_line
from crawler.extraction.learned import MOVING, NUMBER, Block, Learned, is_list, shape
from crawler.extraction.lines import Line
from crawler.extraction.places import Place, places_of
from crawler.extraction.sheet import Sheet
from crawler.extraction.spamwords import spam_words
from crawler.extraction.surface import TAMPERED

BLOCK_PAGES = 6
"""Pages of distinct stories that a block must be on, always saying the same."""

LINE_PAGES = 8
"""Pages of distinct stories, of one template, from which lines are learned."""

_NEARLY_ALL = 0.9
_MOVED_PAGES = 3
"""Pages on which a line's number was seen moving between two visits, if it is a counter that does not say so."""
_STORY_WEIGHT = 30.0
"""Characters of running text of a page's own below which it has no story to tell its template from."""
_STORY_SHARE = 0.8
_MOST_HELD = 100_000
"""Lines of a page, each counted in every box around it, above which it is nested as no template is (3,600 is much)."""
_ARABIC = re.compile(r"[0-9]{1,18}")
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|wps|et|ofd|txt|jpe?g|png)(?:[?#]|$)", re.IGNORECASE)
_FILE_LINES = 12
"""Lines of a box around a file's link that may be its list; a box of more holds a whole article."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one version of a page shows of its template.

    ``page`` is its address and ``number`` the version's. ``plain[i]`` and ``weights[i]`` belong to ``lines[i]``.
    ``kept`` are the lines that the general rules take for the article, ``files`` lines in boxes that offer files.
    """

    page: str
    number: int
    lines: Sequence[Line]
    plain: Sequence[str]
    weights: Sequence[float]
    places: Sequence[Place]
    kept: tuple[int, ...]
    files: frozenset[int] = frozenset()


def sample_of(page: str, number: int, sheet: Sheet, kept: Sequence[int]) -> Sample:
    """The sample of a page as it is read without having learned anything."""
    places = places_of(sheet.boxes)
    return Sample(page, number, sheet.lines, sheet.plain, sheet.weights, places, tuple(kept), _file_lines(sheet))


def _file_lines(sheet: Sheet) -> frozenset[int]:
    """The lines of the boxes that stand closest around links to files."""
    index = {box.element: i for i, box in enumerate(sheet.boxes)}
    found: set[int] = set()
    for link in sheet.boxes[0].element.iter("a") if sheet.boxes else ():
        if _FILE.search(link.get("href") or ""):
            around = next((index[element] for element in link.iterancestors() if element in index), 0)
            box = sheet.boxes[around]
            found.update(range(box.start, box.end) if box.end - box.start <= _FILE_LINES else ())
    return frozenset(found)


def learn(samples: Iterable[Sample]) -> Learned:
    """What these pages teach of their site's template; nothing where there are too few of them."""
    ordered = sorted(samples, key=lambda sample: (sample.page, sample.number, tuple(sample.plain)))
    newest = list({sample.page: sample for sample in ordered}.values())
    told = Counter(text for sample in newest for text in {shape(text) for text in sample.plain})
    pages = [page for sample in newest if (page := _Page.of(sample, told))]
    if len(pages) < BLOCK_PAGES:
        return Learned()
    moving, fallen = _moved(ordered)
    blocks = _blocks(pages, moving)
    lists = _lists(pages)
    known = {*(block.place for block in blocks), *lists}
    return Learned(blocks, lists, _sayings(pages, known, moving - fallen))


@dataclass(frozen=True, slots=True)
class _Page:
    """A sample with the box its story stands in, the boxes ``around`` it (itself too) and those ``inside`` it.

    ``shown`` are the lines that the general rules do not know for furniture or labels. ``kept`` are those taken for
    the article: by the general rules, or where those took furniture for it, the lines of the story's box.
    """

    sample: Sample
    story: int
    shown: frozenset[int]
    kept: tuple[int, ...]
    around: frozenset[int]
    inside: frozenset[int]

    @classmethod
    def of(cls, sample: Sample, told: Mapping[str, int]) -> _Page | None:
        """The page of a sample, or ``None`` where it says too little of its own."""
        own = [w if told[shape(text)] == 1 else 0.0 for text, w in zip(sample.plain, sample.weights, strict=True)]
        sums = [0.0, *accumulate(own)]
        places, least = sample.places, _STORY_SHARE * sums[-1]
        if sums[-1] < _STORY_WEIGHT or sum(place.end - place.start for place in places) > _MOST_HELD:
            return None
        # Boxes stand in document order, so the last of those that hold nearly all is the innermost.
        story = max(i for i, place in enumerate(places) if i == 0 or sums[place.end] - sums[place.start] >= least)
        out = list(_outwards(places, story))
        story = next((i for i in out if places[i].owned), next((i for i in out if places[i].made), 0))
        inside = {story}
        inside.update(i for i in range(story + 1, len(places)) if places[i].parent in inside)
        known = (is_furniture(text) or is_label_line(text, head=True) for text in sample.plain)
        shown = frozenset(i for i, is_known in enumerate(known) if not is_known)
        held = range(places[story].start, places[story].end)
        kept = sample.kept if any(i in held for i in sample.kept) else tuple(i for i in held if i in shown)
        return cls(sample, story, shown, kept, frozenset(_outwards(places, story)), frozenset(inside - {story}))


def _outwards(places: Sequence[Place], index: int) -> Iterator[int]:
    while index >= 0:
        yield index
        index = places[index].parent


def _blocks(pages: Sequence[_Page], moving: Collection[str]) -> tuple[Block, ...]:
    """The outermost places outside the story that say the same on every page that has them."""
    each: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    within: dict[str, str] = {}
    for page in pages:
        places = page.sample.places
        within.update((place.path, places[place.parent].path) for place in places if place.parent >= 0)
        for path, said in _outside(page).items():
            each[path].append(said)
    barred = {page.sample.places[i].path for page in pages for i in page.around | page.inside}
    wanted = {path for page in pages for path in _mattering(page)} - barred
    constant = {
        path: lines
        for path, texts in each.items()
        if path in wanted and len(texts) >= BLOCK_PAGES and (lines := _agreed(texts, moving))
    }
    return tuple(sorted(Block(path, lines) for path, lines in constant.items() if within.get(path) not in constant))


def _outside(page: _Page) -> dict[str, tuple[str, ...]]:
    """What is said in each place outside the story, by the place's path."""
    sample = page.sample
    said: dict[str, list[str]] = defaultdict(list)
    for i, place in enumerate(sample.places):
        if i not in page.around:
            held = range(place.start, place.end)
            said[place.path].extend(sample.plain[i] for i in held if i in page.shown and sample.weights[i] > 0)
    return {path: tuple(lines) for path, lines in said.items() if lines}


def _mattering(page: _Page) -> Iterator[str]:
    """The places that could be taken for the article: part of it is, or they hold as much text as one."""
    sums, kept = [0.0, *accumulate(page.sample.weights)], frozenset(page.kept)
    for place in page.sample.places:
        heavy = sums[place.end] - sums[place.start] >= _STORY_WEIGHT
        if heavy or not kept.isdisjoint(range(place.start, place.end)):
            yield place.path


def _agreed(each: Sequence[tuple[str, ...]], moving: Collection[str]) -> tuple[str, ...]:
    """What a block says on every page, its counters masked; nothing where pages differ or a line may be the story's."""
    first = [shape(text) for text in each[0]]
    if not first or any([shape(text) for text in texts] != first for texts in each[1:]):
        return ()
    words = tuple(_merged(texts) for texts in zip(*each, strict=True))
    return words if all(_is_learnable(text, moving) for text in words) else ()


def _merged(texts: Sequence[str]) -> str:
    """Lines of one shape as one: numbers that are the same in all of them stay, others become ``MOVING``.

    A counter's and a clock's become so in any case: one may stand at nought on every page, on the day that it is put
    up, the other at one hour in all of a visit.
    """
    masked = shape(texts[0])
    if counts_readers(masked):
        return masked
    numbers = zip(*(NUMBER.findall(text) for text in texts), strict=True)
    slots = iter([found[0] if len(set(found)) == 1 else MOVING for found in numbers])
    return without_time(NUMBER.sub(lambda _: next(slots), texts[0]))


def _is_learnable(words: str, moving: Collection[str]) -> bool:
    """Whether learned words can be nothing but the template's; what hijackers write is not, on however many pages."""
    if sum(spam_words(words).values()) >= TAMPERED:
        return False
    moved = words.count(MOVING)
    if moved and counts_readers(words):
        return True
    if has_clock(words):
        return tells_time(words) and shape(words) in moving
    if is_formula(words):
        return False
    return shape(words) in moving if moved else not is_entry(words)


def _moved(ordered: Sequence[Sample]) -> tuple[frozenset[str], frozenset[str]]:
    """The shapes of lines whose numbers moved between two versions of a page, on several pages; and those that fell.

    What counts readers only rises. A level, a price, a figure that is mended falls as well, and is a story's news. A
    clock starts again each day.
    """
    versions: dict[str, list[Sample]] = defaultdict(list)
    for sample in ordered:
        versions[sample.page].append(sample)
    seen: Counter[str] = Counter()
    fallen: set[str] = set()
    for older, newer in ((kept[-2], kept[-1]) for kept in versions.values() if len(kept) > 1):
        before = {shape(older.plain[i]): older.plain[i] for i in range(len(older.plain))}
        after = {shape(newer.plain[i]): newer.plain[i] for i in range(len(newer.plain))}
        moved = [text for text, line in after.items() if before.get(text, line) != line]
        seen.update(moved)
        fell = (key for key in moved if _figures(after[key]) < _figures(before[key]))
        fallen.update(key for key in fell if not tells_time(_merged((before[key], after[key]))))
    return frozenset(text for text, pages in seen.items() if pages >= _MOVED_PAGES), frozenset(fallen)


def _figures(text: str) -> list[int]:
    """A line's figures in order; none where they are written in characters."""
    return [int(figure) for figure in _ARABIC.findall(text.replace(",", ""))]


def _lists(pages: Sequence[_Page]) -> tuple[str, ...]:
    """The template's places that hold links on every page, where the general rules take some of them for the story."""
    seen: Counter[str] = Counter()
    taken: set[str] = set()
    barred: set[str] = set()
    for page in pages:
        sample, kept = page.sample, frozenset(page.kept)
        for i, place in enumerate(sample.places):
            held = range(place.start, place.end)
            listed = place.owned and is_list(sample.lines, place) and sample.files.isdisjoint(held)
            if i in page.around or not listed:
                barred.update([place.path] if held or i in page.around else ())
                continue
            seen[place.path] += 1
            if not kept.isdisjoint(held):
                taken.add(place.path)
    return tuple(sorted(path for path in taken - barred if seen[path] >= BLOCK_PAGES))


def _sayings(pages: Sequence[_Page], known: Collection[str], moving: Collection[str]) -> tuple[str, ...]:
    """The lines that nearly every page of a template has at the edge of its story."""
    groups: dict[str, list[_Page]] = defaultdict(list)
    for page in pages:
        groups[page.sample.places[page.story].path].append(page)
    found: set[str] = set()
    for group in groups.values():
        if len(group) >= LINE_PAGES:
            found.update(_recurring([_taken(page, known) for page in group], moving))
    return tuple(sorted(found))


def _taken(page: _Page, known: Collection[str]) -> list[str]:
    """The lines that would be kept of a page, in order, once its learned blocks and lists are left out."""
    out = {i for place in page.sample.places if place.path in known for i in range(place.start, place.end)}
    return [page.sample.plain[i] for i in page.kept if i not in out]


def _recurring(group: Sequence[Sequence[str]], moving: Collection[str]) -> Iterator[str]:
    """The sayings of pages of one template, each given as its kept lines."""
    needed = _NEARLY_ALL * len(group)
    texts: dict[str, list[str]] = defaultdict(list)
    for lines in group:
        for key, text in {shape(text): text for text in lines}.items():
            texts[key].append(text)
    recurring = {key: _merged(each) for key, each in texts.items() if len(each) >= needed}
    learnable = {key: words for key, words in recurring.items() if _is_learnable(words, moving)}
    at_edge: Counter[str] = Counter()
    for lines in group:
        keys = [shape(text) for text in lines]
        at_edge.update({*takewhile(learnable.__contains__, keys), *takewhile(learnable.__contains__, reversed(keys))})
    return (words for key, words in learnable.items() if at_edge[key] >= needed)
