"""What answers in an article's place: a hijacker's page, another page of the site, half of its own; and near misses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.finding import find
from crawler.instead import broke_off, is_another_page, is_hijackers
from crawler.intake import take_in
from crawler.sites import Site
from storage.records import Article, Attachment, Link, Mark, Outcome, Page, PageKind, Role, Surface, Version, Visit

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
URL = "http://www.yunxi.example/news/1.html"
SITE = Site(key="yunxi", name="云溪", columns=("http://www.yunxi.example/news/",))
TITLE = "市政府研究供暖保障工作"
STORY = Article(
    PageKind.ARTICLE, title=TITLE, canonical=("第一段话。", "第二段话。", "第三段话。"), template="ab" * 96,
    surface=Surface(title=f"{TITLE}_云溪市人民政府"),
)  # fmt: skip
KNOWN = Version("yunxi", URL, 1, NOW, "f", STORY)
HOME = Article(
    PageKind.LIST, title="云溪市人民政府", surface=Surface(title="云溪市人民政府门户网站"),
    links=tuple(Link(f"http://www.yunxi.example/{n}", f"第{n}条新闻") for n in range(5)),
)  # fmt: skip
WORDY_HOME = replace(HOME, kind=PageKind.ARTICLE, links=(), canonical=("欢迎访问。",), template="cd" * 96)
LANDING = Article(PageKind.LIST, surface=Surface(title="金鲨银鲨官网-推筒子代办-房卡试玩"), flags=("tampered",))


def visit(article: Article, **seen: object) -> Visit:
    values: dict[str, object] = {"status": 200, "final_url": URL}
    return Visit("yunxi", URL, Role.ARTICLE, NOW, "r1", article=article, **{**values, **seen})  # type: ignore[arg-type]


PAGE = Page("yunxi", URL, Role.ARTICLE, NOW, id=1, version=1)


@pytest.mark.parametrize(
    ("article", "gone"),
    [
        pytest.param(HOME, True, id="the home page"),
        pytest.param(WORDY_HOME, True, id="a home page with words"),
        pytest.param(replace(HOME, surface=Surface(title="新闻")), True, id="a list of the site that does not name it"),
        pytest.param(replace(HOME, title=TITLE), False, id="a page that has the headline"),
        pytest.param(replace(HOME, flags=("scripted",)), False, id="a page that is drawn by script"),
        pytest.param(replace(HOME, links=(), surface=Surface(title="别处")), False, id="a stranger's page"),
        pytest.param(replace(WORDY_HOME, template=STORY.template), False, id="another story in the old frame"),
        pytest.param(replace(WORDY_HOME, canonical=STORY.canonical[:1]), False, id="the text in a new frame"),
    ],
)
def test_another_page_of_the_site_is_a_withdrawal(article: Article, gone: bool) -> None:
    assert is_another_page(article, STORY) is gone
    found = find(SITE, visit(article), PAGE, KNOWN)
    assert ((found.outcome, found.how) == (Outcome.SOFT_GONE, "replaced")) is gone


@pytest.mark.parametrize(
    ("seen", "hijacked"),
    [
        (visit(LANDING), True),
        (visit(LANDING, final_url="http://www.bo7788.top/"), True),
        (visit(replace(STORY, flags=("tampered",)), final_url="http://www.bo7788.top/"), True),
        (visit(LANDING, final_url="http://www.yunxi.example/"), False),
        (visit(replace(LANDING, flags=())), False),
        (visit(replace(STORY, flags=("tampered",))), False),
    ],
)
def test_a_hijacker_s_page_in_an_article_s_place(seen: Visit, hijacked: bool) -> None:
    assert seen.article is not None
    assert is_hijackers(SITE, seen, seen.article) is hijacked
    if hijacked:
        assert find(SITE, seen, PAGE, KNOWN).outcome is Outcome.NEW_VERSION


@pytest.mark.parametrize(
    ("article", "broke"),
    [
        (replace(STORY, canonical=STORY.canonical[:2], flags=("unclosed",)), True),
        (replace(STORY, canonical=("第一段话。", "第二"), flags=("unclosed",)), True),
        (replace(STORY, canonical=STORY.canonical[:2]), False),
        (replace(STORY, flags=("unclosed",)), False),
        (replace(STORY, canonical=("第一段话。", "第三段话。"), flags=("unclosed",)), False),
    ],
)
def test_half_a_page_is_a_failure_and_no_edit(article: Article, broke: bool) -> None:
    assert broke_off(article, STORY) is broke
    assert not broke_off(article, replace(STORY, flags=("unclosed",)))
    assert (find(SITE, visit(article), PAGE, KNOWN).outcome is Outcome.FAILED) is broke


LEFT = replace(STORY, canonical=("本站声明:凡转载本站文章请注明出处。",), flags=("furniture-only",))


@pytest.mark.parametrize(
    ("article", "known", "emptied"),
    [
        pytest.param(LEFT, STORY, True, id="nothing but the site's terms"),
        pytest.param(replace(LEFT, flags=()), STORY, False, id="another text that the site never printed"),
        pytest.param(LEFT, replace(STORY, flags=LEFT.flags), False, id="an article that was always read so"),
        pytest.param(replace(LEFT, canonical=STORY.canonical[:1]), STORY, False, id="a paragraph that is left"),
    ],
)
def test_a_page_with_nothing_but_furniture_left_is_a_withdrawal(
    article: Article, known: Article, emptied: bool
) -> None:
    found = find(SITE, visit(article), PAGE, replace(KNOWN, article=known))
    assert ((found.outcome, found.how) == (Outcome.SOFT_GONE, "empty")) is emptied


HOT = replace(STORY, canonical=("热点排行", "甲(61)", "乙(82)", "丙(7)"), flags=("links-only",))


@pytest.mark.parametrize(
    ("article", "known", "emptied"),
    [
        pytest.param(HOT, STORY, True, id="the hot list"),
        pytest.param(replace(HOT, flags=()), STORY, False, id="another text"),
        pytest.param(HOT, replace(STORY, flags=HOT.flags), False, id="an article that was links all along"),
        pytest.param(replace(HOT, attachments=(Attachment("/a.pdf", "附件"),)), STORY, False, id="files in its place"),
        pytest.param(replace(HOT, title="供暖政策汇编"), STORY, False, id="another headline"),
    ],
)
def test_a_page_with_nothing_but_its_hot_list_left_is_a_withdrawal(
    article: Article, known: Article, emptied: bool
) -> None:
    found = find(SITE, visit(article), PAGE, replace(KNOWN, article=known))
    assert ((found.outcome, found.how) == (Outcome.SOFT_GONE, "empty")) is emptied


UPKEEP = Article(
    PageKind.ARTICLE, title="系统维护公告", canonical=("网站正在升级维护,预计8时恢复访问。",), flags=("maintenance",),
    surface=Surface(title="系统维护"),
)  # fmt: skip
OWN_NOTICE = replace(UPKEEP, title="社保系统维护公告", canonical=("社保系统将于今晚暂停服务。",))


@pytest.mark.parametrize(
    ("article", "known", "listed", "failed"),
    [
        pytest.param(UPKEEP, STORY, None, True, id="in a story's place"),
        pytest.param(replace(UPKEEP, kind=PageKind.EMPTY, canonical=()), STORY, None, True, id="without a text"),
        pytest.param(UPKEEP, None, "市政府研究供暖保障工作", True, id="in the place of one never read"),
        pytest.param(UPKEEP, None, "系统维护公告", False, id="a notice that the list names so"),
        pytest.param(UPKEEP, None, None, False, id="a notice that nobody names"),
        pytest.param(UPKEEP, OWN_NOTICE, None, False, id="a notice that was one, retitled"),
        pytest.param(replace(UPKEEP, title=TITLE), STORY, None, False, id="a story that says so now"),
        pytest.param(replace(UPKEEP, flags=()), STORY, None, False, id="a story truly rewritten"),
    ],
)
def test_a_notice_of_maintenance_in_an_article_s_place_says_nothing_of_it(
    article: Article, known: Article | None, listed: str | None, failed: bool
) -> None:
    latest = replace(KNOWN, article=known) if known else None
    found = find(SITE, visit(article), replace(PAGE, listed_title=listed), latest)
    assert ((found.outcome, found.how) == (Outcome.FAILED, "a notice of maintenance")) is failed


def test_a_server_s_error_is_a_failure_wherever_it_led() -> None:
    broken = Article(PageKind.EMPTY, flags=("server-error",), template="cd" * 96)
    for final in (URL, "http://www.yunxi.example/error.html"):
        assert find(SITE, visit(broken, final_url=final), PAGE, KNOWN).outcome is Outcome.FAILED
    assert find(SITE, visit(replace(broken, flags=())), PAGE, KNOWN).outcome is Outcome.SOFT_GONE


def column(article: Article, **seen: object) -> Visit:
    return replace(visit(article), role=Role.COLUMN, **seen)  # type: ignore[arg-type]


COLUMN = replace(PAGE, role=Role.COLUMN, version=0)


def test_a_column_has_a_version_for_each_surface_and_no_text() -> None:
    first = take_in(SITE, column(HOME), COLUMN, None, {})
    assert (first.observation.outcome, first.observation.pending) == (Outcome.LISTED, True)
    assert first.version is not None
    assert (first.version.article.links, first.version.article.canonical) == ((), ())
    more = replace(HOME, links=HOME.links[:4])
    again = take_in(SITE, column(more), first.page, first.version, {})
    assert (again.version, again.observation.pending) == (None, False)
    planted = replace(HOME, surface=replace(HOME.surface, marks=(Mark("covers", "x.invalid"),)))
    hijacked = take_in(SITE, column(planted), first.page, first.version, {})
    assert hijacked.version is not None
    assert hijacked.observation.pending


@pytest.mark.parametrize(
    ("seen", "page"),
    [
        (column(replace(HOME, surface=Surface())), COLUMN),
        (column(HOME), replace(COLUMN, depth=1)),
        (column(Article(PageKind.EMPTY, surface=Surface(title="空"))), COLUMN),
    ],
)
def test_a_feed_a_further_page_and_an_empty_column_have_none(seen: Visit, page: Page) -> None:
    assert take_in(SITE, seen, page, None, {}).version is None


def test_a_column_that_is_gone_is_no_withdrawal() -> None:
    first = take_in(SITE, column(HOME), COLUMN, None, {})
    gone = take_in(SITE, replace(column(HOME), status=404, article=None), first.page, first.version, {})
    assert (gone.observation.outcome, gone.observation.pending) == (Outcome.GONE, False)
