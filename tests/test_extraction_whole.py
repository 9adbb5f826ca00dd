"""An article in several pages: nothing of it lost, nothing of it told twice, and readable again from what was kept."""

from __future__ import annotations

from dataclasses import replace

from crawl_server import story
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.read import read_page
from crawler.extraction.whole import SEAM, join, read_whole, stitch
from storage.records import Article, Attachment, PageKind, Role

URL = "http://www.yunxi.example/xw/84213.html"
TITLE = "全市乡村振兴工作综述"
SPRING = "第一页说的是春天的工作安排，各县区已经开始备耕。"
SUMMER = "第二页说的是夏天的工作安排，防汛准备基本完成。"
AUTUMN = "第三页说的是秋天的工作安排，秋收进度好于去年。"
BYLINE = "云溪日报记者 李明 通讯员 王芳"
TABLE = "无"


def said(*paragraphs: str, **labels: object) -> Article:
    made = Article(PageKind.ARTICLE, title=TITLE, paragraphs=paragraphs, canonical=paragraphs)
    return replace(made, **labels)  # type: ignore[arg-type]


def test_the_pages_follow_each_other() -> None:
    assert join(said(SPRING), [said(SUMMER), said(AUTUMN)]).canonical == (SPRING, SUMMER, AUTUMN)


def test_what_every_page_opens_or_closes_with_is_told_once() -> None:
    foot = "（本组稿件由云溪日报提供）"
    whole = join(said(BYLINE, SPRING, foot), [said(BYLINE, SUMMER, foot), said(BYLINE, AUTUMN, foot)])
    assert whole.canonical == (BYLINE, SPRING, foot, SUMMER, AUTUMN)


def test_a_line_that_comes_again_within_a_later_page_stays() -> None:
    # A table whose cells say the same, or a heading of every chapter: no furniture.
    whole = join(said(SPRING, TABLE), [said(SUMMER, TABLE, AUTUMN)])
    assert whole.canonical == (SPRING, TABLE, SUMMER, TABLE, AUTUMN)


def test_printed_and_canonical_text_keep_step() -> None:
    first = said(SPRING, paragraphs=("第一頁說的是春天的工作安排，各縣區已經開始備耕。",))
    second = Article(PageKind.ARTICLE, paragraphs=(SPRING + " ", "夏　天"), canonical=(SPRING, "夏天"))
    whole = join(first, [second])
    assert whole.canonical == (SPRING, "夏天")
    assert whole.paragraphs == (first.paragraphs[0], "夏　天")


def test_labels_are_the_first_pages_and_people_and_files_those_of_all() -> None:
    annex = Attachment("http://www.yunxi.example/P01.pdf", "附件1")
    first = said(SPRING, published_at="2026-11-20", source="云溪日报", authors=("李明",), attachments=(annex,))
    second = said(
        SUMMER,
        title="别的标题",
        published_at="2026-11-21",
        authors=("王芳", "李明"),
        editors=("张华",),
        flags=("pinyin",),
    )
    whole = join(first, [replace(second, attachments=(annex, replace(annex, name="附件2")))])
    assert (whole.title, whole.published_at, whole.source) == (TITLE, "2026-11-20", "云溪日报")
    assert (whole.authors, whole.editors, whole.flags) == (("李明", "王芳"), ("张华",), ("pinyin",))
    assert [file.name for file in whole.attachments] == ["附件1", "附件2"]


def test_a_later_page_that_is_no_article_adds_nothing() -> None:
    notice = Article(PageKind.MISSING, paragraphs=("页面不存在",), canonical=("页面不存在",), flags=("mojibake",))
    assert join(said(SPRING), [notice]) == said(SPRING)


def test_kept_pages_are_read_again_as_one() -> None:
    bodies = [story(TITLE, text) for text in (SPRING, SUMMER, AUTUMN)]
    whole = read_whole(stitch(bodies), URL)
    assert (whole.kind, whole.title, whole.source) == (PageKind.ARTICLE, TITLE, "云溪日报")
    assert whole.paragraphs == (SPRING, SUMMER, AUTUMN)


def test_a_kept_body_of_one_page_is_read_as_that_page() -> None:
    body = story(TITLE, SPRING)
    assert stitch([body]) == body
    assert read_whole(body, URL) == read_page(body, URL, role=Role.ARTICLE)


def test_pages_in_different_encodings_are_read_each_in_its_own() -> None:
    gbk = story(TITLE, SUMMER).decode().replace("utf-8", "gb2312").encode("gb18030")
    assert read_whole(stitch([story(TITLE, SPRING), gbk]), URL).paragraphs == (SPRING, SUMMER)


lines = st.text("云溪市春夏秋冬工作安排", min_size=1, max_size=6)
pages = st.lists(st.lists(lines, max_size=6).map(lambda texts: said(*texts)), min_size=1, max_size=4)


@given(pages)
def test_every_line_of_every_page_is_in_the_whole(parts: list[Article]) -> None:
    whole = join(parts[0], parts[1:])
    assert {text for part in parts for text in part.canonical} == set(whole.canonical)
    assert whole.canonical[: len(parts[0].canonical)] == parts[0].canonical
    assert whole.paragraphs == whole.canonical


@given(pages)
def test_pages_that_share_nothing_are_merely_put_together(parts: list[Article]) -> None:
    texts = [[f"{number}{text}" for text in part.canonical] for number, part in enumerate(parts)]
    whole = join(said(*texts[0]), [said(*each) for each in texts[1:]])
    assert whole.canonical == tuple(text for each in texts for text in each)


@given(pages)
def test_a_pager_that_leads_to_the_same_page_again_adds_nothing(parts: list[Article]) -> None:
    whole = join(parts[0], parts[1:])
    assert join(whole, [whole, parts[0]]).canonical == whole.canonical


@given(st.lists(st.binary().filter(lambda body: SEAM not in body), min_size=1, max_size=4))
def test_reading_what_was_stitched_never_raises(bodies: list[bytes]) -> None:
    assert isinstance(read_whole(stitch(bodies), URL), Article)
