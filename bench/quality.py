"""How well pages are read: body, labels, lists and kinds against gold made by hand.

``python -m bench.quality [FOLDER …]`` prints the table of folders of pages with gold (by default ``../shared/pages``,
whose README has the format); ``tests/test_reading_floors.py`` holds the figures above their floors.

Body text is scored by the precision and recall of its character 5-grams (multisets, white space removed, NFKC), which
needs no word cutter; a link is right when the last two parts of its address and its whole title are.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from crawler.extraction.read import read_page
from storage.records import Article, PageKind

GRAM = 5
"""Characters of a gram: long enough that a sentence in its place is told from the same words elsewhere."""
POOR = 0.9
"""Body or links below this F1 are a page read wrong."""

LABELS = ("kind", "title", "date", "time", "source", "authors", "document", "index", "empty")
"""What is right or wrong on a page."""
MEANS = (*LABELS, "_f1")
"""How the names of those figures end that are means from 0 to 1; the others count pages."""

_APART = re.compile(r"[、,，;；/\s\u3000]+")


@dataclass(frozen=True, slots=True)
class Gold:
    """What a page says, as a person read it; ``None`` for what nobody has written down.

    ``kind`` is article, list or other. ``optional`` is text that may be there or not. ``links`` are pairs of address
    and title.
    """

    name: str
    kind: str
    body: tuple[str, ...] | None = None
    optional: tuple[str, ...] = ()
    title: str | None = None
    published: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    document_number: str | None = None
    index_number: str | None = None
    links: tuple[tuple[str, str], ...] | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one page was read: F1 values 0 to 1, labels right or wrong; ``None`` where gold says nothing."""

    name: str
    kind: bool
    body: float | None = None
    title: bool | None = None
    date: bool | None = None
    time: bool | None = None
    source: bool | None = None
    authors: bool | None = None
    document: bool | None = None
    index: bool | None = None
    links: float | None = None
    invented: tuple[str, ...] = ()
    empty: bool | None = None


def judge(gold: Gold, article: Article) -> Verdict:
    """One page's verdict. A page whose gold body is empty is judged by ``empty``: whether no text was told of it."""
    told = {PageKind.ARTICLE: "article", PageKind.LIST: "list"}.get(article.kind, "other")
    if gold.links is not None:
        have = {(tail(link.url), squash(link.title)) for link in article.links}
        links = overlap({(tail(url), squash(title)) for url, title in gold.links}, have)
        return Verdict(gold.name, told == gold.kind, links=links)
    if gold.body is None:
        return Verdict(gold.name, told == gold.kind)
    wanted, found = gold.published or "", article.published_at or ""
    clock = wanted[:16].replace(" ", "T") == found[:16] if len(wanted) > 10 else None
    number, index = gold.document_number, gold.index_number
    invented = (("date", found and not wanted), ("source", article.source and not gold.source))
    return Verdict(
        gold.name,
        told == gold.kind,
        body=body_f1(article.paragraphs, gold.body, gold.optional) if gold.body else None,
        title=squash(article.title) == squash(gold.title),
        date=wanted[:10] == found[:10],
        time=clock,
        source=squash(article.source) == squash(gold.source) if gold.source else None,
        authors=people(article.authors) == people(gold.authors) if gold.authors else None,
        document=squash(article.document_number) == squash(number) if number else None,
        index=squash(article.index_number) == squash(index) if index else None,
        invented=tuple(what for what, is_so in invented if is_so),
        empty=None if gold.body else not article.paragraphs,
    )


def body_f1(told: Sequence[str], gold: Sequence[str], optional: Sequence[str] = ()) -> float:
    """F1 of the 5-grams of a body; what gold calls optional neither helps nor costs."""
    wanted, spared = grams("\n".join(gold)), grams("\n".join(optional))
    have = grams("\n".join(told))
    have = Counter({gram: n for gram, n in have.items() if gram in wanted or gram not in spared})
    shared = sum((have & wanted).values())
    total = sum(have.values()) + sum(wanted.values())
    return 2 * shared / total if total else 1.0


def overlap(wanted: set[tuple[str, str]], have: set[tuple[str, str]]) -> float:
    """F1 of two sets; two empty ones agree."""
    return 2 * len(wanted & have) / (len(wanted) + len(have)) if wanted or have else 1.0


def grams(text: str) -> Counter[str]:
    """The character 5-grams of a text; a text shorter than that is one gram."""
    bare = squash(text)
    return Counter(bare[i : i + GRAM] for i in range(max(1, len(bare) - GRAM + 1))) if bare else Counter()


def squash(text: str | None) -> str:
    """NFKC without white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def people(names: Iterable[str]) -> list[str]:
    """Names in any order, one each, however a byline joins them."""
    return sorted({squash(name) for line in names for name in _APART.split(line) if name})


def tail(url: str) -> str:
    """An address by its last two parts and its query, so that relative and absolute ones compare."""
    path, _, query = url.split("#", 1)[0].partition("?")
    return "/".join(path.rstrip("/").split("/")[-2:]).lstrip("./") + (f"?{query}" if query else "")


Figures = dict[str, float]
"""What a set of pages scores, by name; see ``MEANS``."""


def figures(verdicts: Sequence[Verdict]) -> Figures:
    """The figures of a set; a figure that no page of the set speaks for is left out."""
    found: Figures = {}
    for name in LABELS:
        said = [value for verdict in verdicts if (value := getattr(verdict, name)) is not None]
        if said:
            found[name] = mean(said)
    for name in ("body", "links"):
        scores = [value for verdict in verdicts if (value := getattr(verdict, name)) is not None]
        if scores:
            found[f"{name}_f1"] = mean(scores)
            found[f"{name}_poor"] = float(sum(score < POOR for score in scores))
            found[f"{name}_pages"] = float(len(scores))
    if "title" in found:
        for what in ("date", "source"):
            found[f"{what}_invented"] = float(sum(what in verdict.invented for verdict in verdicts))
    return found


def load(folder: Path) -> Iterator[tuple[Gold, bytes]]:
    """The pages of a folder with what gold says of them, those without gold too (``index.jsonl`` has their kinds)."""
    for line in (folder / "index.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        written = folder / f"{entry['id']}.gold.json"
        said = json.loads(written.read_text("utf-8")) if written.exists() else {}
        yield as_gold(entry, said), (folder / entry.get("file", f"{entry['id']}.html")).read_bytes()


def as_gold(entry: dict[str, str], said: dict[str, object]) -> Gold:
    """A line of ``index.jsonl`` and a gold file as one record."""

    def lines(name: str) -> tuple[str, ...]:
        found = said.get(name) or ()
        return tuple(str(each) for each in found) if isinstance(found, list) else ()

    def text(name: str) -> str | None:
        return str(said[name]) if said.get(name) else None

    items = said.get("items")
    links = tuple((item["href"], item["title"]) for item in items) if isinstance(items, list) else None
    return Gold(
        entry["id"],
        entry["kind"],
        body=lines("body_text") if "body_text" in said else None,
        optional=lines("optional_text"),
        title=text("title"),
        published=text("published"),
        source=text("source"),
        authors=lines("authors"),
        document_number=text("document_number"),
        index_number=text("index_number"),
        links=links,
    )


def measure(
    pages: Iterable[tuple[Gold, bytes]], read: Callable[[bytes, str | None], Article] = read_page
) -> list[Verdict]:
    """Read pages as ``shixun extract`` does, and judge each."""
    return [judge(gold, read(body, gold.url)) for gold, body in pages]


def faults(verdict: Verdict) -> list[str]:
    """What is wrong with the reading of one page, in words; empty for a page read right."""
    wrong = [name for name in LABELS if getattr(verdict, name) is False]
    poor = [
        f"{name} {f1:.3f}" for name in ("body", "links") if (f1 := getattr(verdict, name)) is not None and f1 < POOR
    ]
    return [*wrong, *poor, *(f"{what} invented" for what in verdict.invented)]


def table(name: str, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A set's figures and the pages that are not read right, line by line."""
    yield f"{len(verdicts)} pages of {name}"
    for figure, value in figures(verdicts).items():
        yield f"  {figure:16} {value:.4f}" if figure.endswith(MEANS) else f"  {figure:16} {value:.0f}"
    for verdict in verdicts:
        if told := faults(verdict):
            yield f"    {verdict.name}: {', '.join(told)}"


if __name__ == "__main__":
    for folder in map(Path, sys.argv[1:] or ["../shared/pages"]):
        if folder.is_dir():
            sys.stdout.writelines(f"{line}\n" for line in table(str(folder), measure(load(folder))))
        else:
            sys.stdout.write(f"{folder}: not there\n")
