"""Whatever comes over the wire gets an answer: a slice of ``bench.mutations``, read in processes of its own."""

from __future__ import annotations

from itertools import islice

import pytest
from lxml.html import HtmlElement

from bench.damage import BOMBS, DAMAGES, HUGE
from bench.mutations import ADDRESS, Outcome, body_of, kind_of, read_many, table
from bench.pages import made_pages
from crawler.extraction import outline
from crawler.extraction.markup import LONGEST, MOST_TAGS, parse, tidy
from crawler.extraction.read import read_page
from storage.records import PageKind

COUNT = 120
SEED = 4


def some_pages() -> list[bytes]:
    return list(islice(made_pages().values(), 0, None, 12))


def test_every_damaged_page_is_answered_or_refused_in_time() -> None:
    outcomes = read_many(COUNT, SEED, some_pages())

    assert [outcome for outcome in outcomes if outcome.fault] == []
    assert {outcome.kind for outcome in outcomes} >= {*DAMAGES}
    assert {outcome.kind for outcome in outcomes} & {*BOMBS}
    assert any(outcome.refused for outcome in outcomes)


def test_the_same_seed_makes_the_same_bodies() -> None:
    pages = some_pages()
    assert [body_of(number, 1, pages) for number in range(20)] == [body_of(number, 1, pages) for number in range(20)]
    assert len({kind_of(number, 1)[0] for number in range(3000)}) == len({**DAMAGES, **BOMBS, **HUGE})


def test_the_table_tells_each_breach() -> None:
    good, bad = Outcome("truncated", 1), Outcome("binary", 2, fault="hung")
    *_, total, told = table([good, bad])

    assert total.split()[:5] == ["all", "2", "1", "0", "1"]
    assert told.strip() == "2 (binary): hung"


STORY = "<h1>市民走进公园赏花</h1><p>2021-01-02 来源：市报</p>" + 3 * (
    "<p>市民走进公园赏花，全长三公里的步道两旁种满了海棠和樱花，工作人员提醒游客文明观赏，注意防火。</p>"
)


@pytest.mark.parametrize(
    ("body", "kind", "flags"),
    [
        (b"x" * (LONGEST + 1), PageKind.EMPTY, ("oversized",)),
        (b"%PDF-1.7 \x00", PageKind.EMPTY, ("binary",)),
        (f"<html><body>{STORY}{'<br>' * MOST_TAGS}".encode(), PageKind.ARTICLE, ("oversized",)),
        (f"<html><body>{STORY}{'<br>' * (MOST_TAGS // 2)}".encode(), PageKind.ARTICLE, ()),
    ],
)
def test_what_is_beyond_bounds_is_told(body: bytes, kind: PageKind, flags: tuple[str, ...]) -> None:
    article = read_page(body, ADDRESS)

    assert (article.kind, article.flags) == (kind, flags)


def test_a_line_beyond_bounds_is_told_as_several_and_nothing_is_lost() -> None:
    article = read_page(
        f"<html><body><h1>市民走进公园赏花</h1><p>{'市民走进公园，赏花。' * 5000}</p>".encode(), ADDRESS
    )

    assert "".join(article.paragraphs) == "市民走进公园，赏花。" * 5000
    assert len(article.paragraphs) == 3


def test_links_inside_links_inside_links_are_none() -> None:
    slip = parse("<div><a href=/1><div>甲<a href=/2>乙</a></div></div>")
    bomb = parse("<div><a href=/1>" * 100)

    assert [link.get("href") for link in slip.tree.iter("a")] == ["/1", "/2"]
    assert len(list(bomb.tree.iter("a"))) == 9


def test_long_text_is_tidied_like_any_other() -> None:
    words = " 市民\n\u200b走进 公园 \u3000" * 30_000

    assert tidy(words) == " ".join(["市民 走进 公园"] * 30_000)


@pytest.mark.parametrize(("tables", "asked"), [(50, 1), (300, 0)])
def test_the_library_is_not_asked_about_tables_in_tables_in_tables(
    monkeypatch: pytest.MonkeyPatch, tables: int, asked: int
) -> None:
    called: list[HtmlElement] = []

    def told(tree: HtmlElement) -> list[str]:
        called.append(tree)
        return []

    monkeypatch.setattr(outline, "general_paragraphs", told)
    name = "云溪市扎实推进老旧小区改造工作"
    outline.outline(f"<html><head><title>{name}</title></head><body><h1>{name}</h1>{'<table><tr><td>公告' * tables}")
    assert len(called) == asked
