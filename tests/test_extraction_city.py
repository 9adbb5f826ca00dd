"""The made city as a reader sees it: every kind of its pages, in noisy rounds too, says what the city says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import pytest

from crawler.extraction.read import read_page
from crawler.extraction.whole import join
from storage.demo import City
from storage.demo.catalogue import FORBIDDEN, SITES
from storage.demo.truth import CityArticle, CitySite, Wording
from storage.records import Article, PageKind, Role

KEYS = [site.key for site in SITES]
EVERY = 3
"""One article in so many is read, each in its first round, in one of noise or redesign, and in the last."""
SELF = "本网"
"""What a page prints for a source where the city knows none: the page is believed."""
YEARLESS = ("tangting", "guangdian")
"""Sites whose lists print days without their year, which are no dates."""


@cache
def city() -> City:
    return City(2026)


def site_of(key: str) -> CitySite:
    return next(site for site in city().sites if site.key == key)


def squash(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def read(site: CitySite, path: str, round_: int, visit: int, role: Role) -> Article:
    body = city().page(site.key, path, round_, visit).body
    return read_page(body, f"http://{site.domain}{path}", role=role)


def read_parts(site: CitySite, path: str, round_: int, visit: int) -> Article:
    first = read(site, path, round_, visit, Role.ARTICLE)
    rest: list[Article] = []
    following = first.next_page
    while following and len(rest) < 10:
        rest.append(read(site, following.removeprefix(f"http://{site.domain}"), round_, visit, Role.ARTICLE))
        following = rest[-1].next_page
    return join(first, rest)


def sample(key: str) -> Iterator[tuple[CityArticle, int, str, Wording]]:
    """Article, round, path and wording of every third article that answers."""
    for number, article in enumerate(city().articles(key)[::EVERY]):
        for round_ in sorted({article.born, max(article.born, 3 + number % 3), city().rounds}):
            state = article.at(round_)
            wording = city().wording(key, state.path, round_) if state else None
            if state and wording:
                yield article, round_, state.path, wording


def printed(wording: Wording) -> tuple[str, ...]:
    """The dates that a page may print of a wording: with its seconds, its minutes, or the day alone."""
    day = wording.day.isoformat()
    return (day,) if wording.clock is None else (day, f"{day}T{wording.clock}+08:00", f"{day}T{wording.clock[:5]}")


def said(article: Article) -> tuple[object, ...]:
    """All that a comparison looks at, white space and widths of characters aside."""
    labels = (article.title, article.published_at, *article.authors, "|", *article.editors, "|", article.abstract)
    return (article.kind, *map(squash, labels), squash("".join(article.canonical)), article.attachments)


@pytest.mark.parametrize("key", KEYS)
def test_an_article_says_what_the_city_says(key: str) -> None:
    site = site_of(key)
    for _, round_, path, wording in sample(key):
        got = read_parts(site, path, round_, visit=1)
        where = f"{key} {path} round {round_}"
        assert got.kind is PageKind.ARTICLE, where
        assert squash(got.title) == squash(wording.title), where
        assert got.published_at is not None, where
        assert got.published_at.startswith(printed(wording)[-1]), where
        assert squash("".join(got.canonical)) == squash("".join(wording.paragraphs)), where
        assert got.source in (None, SELF) or squash(got.source) == squash(wording.source), where
        if wording.prints_writers:
            assert sorted(got.authors) == sorted(wording.writers), where


@pytest.mark.parametrize("key", KEYS)
def test_a_printed_source_is_found(key: str) -> None:
    site = site_of(key)
    for _, round_, path, wording in sample(key):
        shown = city().page(key, path, round_).text
        if wording.source and re.search(rf"来\s*源\s*[:：]\s*{wording.source}", shown):
            assert read(site, path, round_, 1, Role.ARTICLE).source == wording.source, f"{key} {path} round {round_}"


@pytest.mark.parametrize("key", KEYS)
def test_nothing_that_reading_tells_moves_while_the_article_stands(key: str) -> None:
    site = site_of(key)
    before: dict[tuple[str, Wording], tuple[object, ...]] = {}
    for article, round_, path, wording in sample(key):
        for visit in (2, 9):
            told = said(read(site, path, round_, visit, Role.ARTICLE))
            same = before.setdefault((f"{article.number}", wording), told)
            assert told == same, f"{key} {path} round {round_} visit {visit}"


@pytest.mark.parametrize("round_", [1, 3, 6])
@pytest.mark.parametrize("key", [key for key in KEYS if key != "ribao"])
def test_every_list_page_lists_its_articles_and_leads_to_the_next(key: str, round_: int) -> None:
    site = site_of(key)
    base = f"http://{site.domain}"
    for column in site.columns:
        shown = city().snapshot(key, round_).listed(column)
        path, pages = shown.addresses[0], 0
        listed: list[str] = []
        while path and pages < 10:
            page = read(site, path, round_, 1, Role.COLUMN)
            listed += [link.url.removeprefix(base) for link in page.links]
            days = {entry.path: entry.day.isoformat() for entry in shown.entries}
            for link in page.links if key not in YEARLESS else ():
                if (day := days.get(link.url.removeprefix(base))) is not None:
                    assert (link.date or "")[:10] == day, f"{key} {path} {link}"
            path, pages = (page.next_page or "").removeprefix(base), pages + 1
        assert [path for path in listed if path != FORBIDDEN[1]] == [entry.path for entry in shown.entries]
        assert pages == len(dict.fromkeys(shown.addresses))


@pytest.mark.parametrize("round_", [1, 3, 6])
def test_a_digital_paper_lists_its_day_page_by_page(round_: int) -> None:
    site = site_of("ribao")
    shown = city().snapshot("ribao", round_).listed(site.columns[0])
    waiting, seen, listed = list(read(site, "/", round_, 1, Role.COLUMN).lists), [], []
    while waiting:
        address = waiting.pop(0)
        if address not in seen:
            seen.append(address)
            page = read(site, address.removeprefix(f"http://{site.domain}"), round_, 1, Role.COLUMN)
            listed += [link.title for link in page.links]
            waiting += page.lists
    assert len(seen) == len(shown.addresses)
    assert listed == [entry.title for entry in shown.entries]
