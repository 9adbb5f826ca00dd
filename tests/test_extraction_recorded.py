"""The recorded sites are read as people read them: each article as its gold says, each column as its articles."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from crawler.extraction.read import read_page


def _grams(paragraphs: Iterable[str]) -> Counter[str]:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", "\n".join(paragraphs)))
    return Counter(text[i : i + 5] for i in range(max(1, len(text) - 4)))


def test_the_recorded_articles_are_read_as_their_gold_says(shared: Path) -> None:
    golds = sorted((shared / "seeds").glob("round*/**/*.gold.json"))
    assert len(golds) >= 5
    for path in golds:
        gold = json.loads(path.read_text("utf-8"))
        recorded = next(p for p in path.parent.glob(path.name.removesuffix(".gold.json") + ".*htm*"))
        read = read_page(recorded.read_bytes())
        said = (read.title, read.published_at, read.source, list(read.authors), list(read.editors), read.abstract)
        wanted = (
            gold["title"],
            gold["published"],
            gold["source"],
            gold["authors"],
            gold["editors"],
            gold.get("abstract"),
        )
        assert said == wanted, recorded.name
        ours, theirs = _grams(read.canonical), _grams(gold["paragraphs"])
        assert 2 * (ours & theirs).total() / (ours.total() + theirs.total()) >= 0.995, recorded.name


def test_recorded_columns_give_their_articles_and_no_navigation(shared: Path) -> None:
    for path in sorted((shared / "seeds").glob("round*/*/list.html")):
        site = path.parent.name
        links = read_page(path.read_bytes(), f"http://127.0.0.1:8900/{site}/list.html").links
        assert links, path
        assert all(link.date and not link.title.endswith("...") and "list.html" not in link.url for link in links)
