"""On real text: every one-character edit of the gold pages is told, and the recorded sites' edits come out exactly."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from random import Random

import pytest
from compare_sample import article

from crawler.extraction.furniture import is_furniture
from monitor.compare.difference import Difference, difference
from storage.records import ChangeKind

EDITS = 600
TYPED = (
    "的一是在有和人这中大为上个以要时来用们生到作地于出就分对成会可主发年动同工能下过子说产种面而方后多定行学法民得经"
)


def texts(folder: Path) -> list[tuple[str, ...]]:
    """The gold pages' texts, paragraphs in NFKC as canonical text is, without what is furniture there."""
    found = []
    for file in sorted(folder.glob("*.gold.json")):
        body = json.loads(file.read_text(encoding="utf-8")).get("body_text") or []
        canonical = (unicodedata.normalize("NFKC", paragraph) for paragraph in body)
        found.append(tuple(paragraph for paragraph in canonical if not is_furniture(paragraph)))
    return [text for text in found if text]


def one_character(paragraph: str, chance: Random) -> str:
    """``paragraph`` with one Chinese character or digit swapped, taken out or put in."""
    places = [at for at, char in enumerate(paragraph) if "一" <= char <= "鿿" or char in "0123456789"]
    at = chance.choice(places)
    if paragraph[at].isdigit():
        return paragraph[:at] + str((int(paragraph[at]) + chance.randint(1, 9)) % 10) + paragraph[at + 1 :]
    typed = chance.choice([char for char in TYPED if char != paragraph[at]])
    return chance.choice([paragraph[:at] + typed + paragraph[at + 1 :], paragraph[:at] + paragraph[at + 1 :]]) or typed


def test_every_one_character_edit_is_told(shared: Path) -> None:
    chance = Random(20211207)
    pages = texts(shared / "pages")
    told, short = 0, 0
    for _ in range(EDITS):
        page = chance.choice(pages)
        at = chance.choice(
            [i for i, text in enumerate(page) if any("一" <= c <= "鿿" or c in "0123456789" for c in text)]
        )
        edited = (*page[:at], one_character(page[at], chance), *page[at + 1 :])
        news = difference(article(*page), article(*edited))
        if news is not None and news.kind is ChangeKind.EDITED:
            told += 1
            short += len(news.edits) == 1 and max(len(news.edits[0].before), len(news.edits[0].after)) <= 12
    assert told == EDITS
    assert short >= 0.97 * EDITS


def test_pages_set_otherwise_are_quiet(shared: Path) -> None:
    wide = str.maketrans(",:;!?()%", "，：；！？（）％")
    for page in texts(shared / "pages"):
        assert difference(article(*page), article(*(text.translate(wide) for text in page))) is None
        assert difference(article(*page), article("".join(page))) is None


def seed(shared: Path, number: int, page: str) -> tuple[str, ...]:
    gold = json.loads((shared / "seeds" / f"round{number}" / f"{page}.gold.json").read_text(encoding="utf-8"))
    return tuple(unicodedata.normalize("NFKC", paragraph) for paragraph in gold["paragraphs"])


def between(shared: Path, page: str, older: int, newer: int) -> Difference | None:
    return difference(article(*seed(shared, older, page)), article(*seed(shared, newer, page)))


@pytest.mark.parametrize(("older", "pair"), [(1, ("4156名", "4165名")), (2, ("6.89亿", "7.89亿"))])
def test_the_recorded_figures(shared: Path, older: int, pair: tuple[str, str]) -> None:
    news = between(shared, "loudi/2021/1207/84213", older, older + 1)
    assert news is not None
    assert [(edit.before, edit.after) for edit in news.edits] == [pair]
    assert news.facts.numbers == (pair,)


@pytest.mark.parametrize(("older", "added", "removed"), [(1, 0, 1), (2, 1, 0)])
def test_the_recorded_paragraph(shared: Path, older: int, added: int, removed: int) -> None:
    news = between(shared, "xijiang/zhaoqing/2021/0409/1283", older, older + 1)
    assert news is not None
    assert (len(news.edits), news.paragraphs_added, news.paragraphs_removed) == (1, added, removed)


def test_the_recorded_widths(shared: Path) -> None:
    assert between(shared, "shaoxing/art/2021/5/8/art_1229_58", 1, 2) is None
