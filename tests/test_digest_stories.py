"""A story and its reprints told as one item, as far as the archive knows it whole."""

from __future__ import annotations

from dataclasses import replace

from digest_sample import change, digest_of, small_day, url
from lxml import html as tree

from monitor.digest import html
from monitor.digest.html import PRINTINGS
from monitor.stories import Apart, Line, Part
from storage.records import ChangeKind


def part(site: str, page: str, **more: object) -> Part:
    return Part(site, url(site, page), "银企对接会签约28.6亿元", "2026-11-22", None, **more)  # type: ignore[arg-type]


def new(site: str, page: str, of: str | None = None) -> object:
    return change(site, page, ChangeKind.NEW, 9, "银企对接会签约28.6亿元", weight=0.5, reprint_of=of)


def test_groups_that_a_late_found_original_joins_are_one_story() -> None:
    """Two copies of the day, told as reprints of nothing known or of each other, are one story in the archive."""
    line = Line(part("lanqiao", "first"), (part("yunxi", "a"), part("shiquan", "b")))
    told = digest_of((new("yunxi", "a"), new("shiquan", "b", "http://far.example/")), reprints=(line,))  # type: ignore[arg-type]
    (story,) = told.stories
    assert [(article.site, article.fresh) for article in story.articles] == [
        ("lanqiao", False),
        ("yunxi", True),
        ("shiquan", True),
    ]
    assert (story.origin, story.sites, told.followed) == (None, 3, ())


def test_every_new_article_stands_in_one_story_also_where_one_is_known_whole() -> None:
    line = Line(part("yunxi", "a"), (part("shiquan", "b"),))
    told = digest_of(
        (new("yunxi", "a"), new("shiquan", "b", url("yunxi", "a")), new("wenxin", "c", url("yunxi", "a"))),  # type: ignore[arg-type]
        reprints=(line,),
    )
    fresh = [article.url for story in told.stories for article in story.articles if article.fresh]
    assert sorted(fresh) == sorted(one.url for one in told.changes)


def test_a_touched_story_without_a_new_printing_is_followed_weightiest_first() -> None:
    lines = tuple(Line(part("lanqiao", f"o{n}"), (part("yunxi", f"c{n}"),)) for n in range(3))
    told = digest_of(
        (
            change("yunxi", "c0", ChangeKind.EDITED, 9, weight=0.4),
            change("lanqiao", "o2", ChangeKind.REMOVED, 9, weight=0.9),
        ),
        reprints=lines,
    )
    assert [story.articles[0].url for story in told.followed] == [url("lanqiao", "o2"), url("lanqiao", "o0")]
    assert told.stories == ()


def test_fates_are_counted() -> None:
    copies = (
        part("yunxi", "a", apart=Apart(title=True)),
        part("wenxin", "b", stands=False, since=ChangeKind.REMOVED),
        part("shiquan", "c"),
    )
    (story,) = digest_of((new("yunxi", "a"),), reprints=(Line(part("lanqiao", "o"), copies),)).stories  # type: ignore[arg-type]
    assert (story.sites, story.differing, story.withdrawn) == (4, 1, 1)


def test_where_a_withdrawn_page_can_still_be_read() -> None:
    line = Line(part("lanqiao", "o"), (part("yunxi", "a"), part("wenxin", "b", stands=False)))
    told = digest_of((change("lanqiao", "o", ChangeKind.REMOVED, 9, weight=0.9),), reprints=(line,))
    assert [one.site for one in told.elsewhere(url("lanqiao", "o"))] == ["yunxi"]
    assert told.elsewhere(url("lanqiao", "nowhere")) == ()
    assert "同稿仍在：<" in html.render(told)
    assert "同稿仍在" not in html.render(replace(told, reprints=()))


def test_a_story_on_very_many_pages_is_folded() -> None:
    copies = tuple(part("yunxi", f"c{n}") for n in range(PRINTINGS + 4))
    told = digest_of((new("lanqiao", "o"),), reprints=(Line(part("lanqiao", "o"), copies),))  # type: ignore[arg-type]
    page = tree.document_fromstring(html.render(told)).get_element_by_id("widely")
    assert len(page.findall(".//article/table//tr")) == PRINTINGS
    assert page.find(".//details/summary").text == "其余 5 份"


def test_how_a_copy_differs_is_said_in_the_reader_s_language() -> None:
    apart = Apart(share=0.4, facts=(("41天", "14天"), ("3人", "4人"), ("5人", "6人")), edits=3, title=True)
    assert apart.told() == "节选40%;41天→14天;3人→4人;另有1处;标题不同"
    assert apart.told("en") == "excerpt, 40%; 41天→14天; 3人→4人; 1 more; another title"
    assert "another title" in html.render(small_day(), "en")
    assert Apart().told() == ""
