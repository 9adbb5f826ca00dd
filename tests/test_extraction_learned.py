"""What a site's pages teach of its template, and what must never be learned from them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_site import ARTICLES, address, article, sample, story, teach

from crawler.extraction.learned import Learned, lesson_name, matches, reading_name, shape
from crawler.extraction.learning import learn
from crawler.extraction.read import EXTRACTOR, read_page
from crawler.extraction.whole import read_whole, stitch
from storage.records import Article, PageKind, Role

Make = Callable[[int], bytes]

TERMS = (
    "平台所刊内容由各单位提供，仅供市民参考，不作为办理任何业务的依据，具体要求以办事窗口的当面答复为准，还望大家理解。"
    * 2,
    "市民对所刊内容有不同看法的，可以通过市民热线说明，平台收到后七个工作日内核实并答复，情况复杂的可以延长到十五个工作日。"
    * 2,
)
HOT = [f"云溪市第{name}届群众文化艺术节将于下月在人民广场开幕" for name in "一二三四五六七八九十"]


def read(body: bytes, number: int = 3, learned: Learned | None = None) -> Article:
    return read_page(body, address(number), role=Role.ARTICLE, learned=learned)


def terms(*, reworded: bool = False) -> str:
    said = [text.replace("七个", "十个").replace("还望", "敬请") for text in TERMS] if reworded else TERMS
    return f'<div class="terms">{"".join(f"<p>{text}</p>" for text in said)}</div>'


def hot(number: int) -> str:
    links = "".join(f'<p><a href="/xw/h{i}.html">{HOT[i % 10]}</a></p>' for i in range(number, number + 2))
    return f'<div class="week"><h4>一周关注</h4>{links}</div>'


FURNITURE: dict[str, Make] = {
    "counter in words at the foot": lambda n: article(n, foot=f"<p>本文已有 {n * 7 + 12} 位市民读过</p>"),
    "counter in words at the head": lambda n: article(n, head=f"<p>到目前为止共有{n * 131}名市民点击过这一页</p>"),
    "counter in Chinese figures": lambda n: article(
        n, foot=f"<p>本文已有{'二三四五六七八九十百两千'[n]}万位市民读过</p>"
    ),
    "counter in a box of its own": lambda n: article(
        n, foot=f'<div class="seen">累计 {n * 31 + 4} 人次围观过本页内容</div>'
    ),
    "counter with a label": lambda n: article(n, foot=f"<p>本篇热度：{n * 3 + 7}</p>"),
    "counter of visits": lambda n: article(n, foot=f"<p>您的到来是第 {n * 3 + 7} 次驻足此页</p>"),
    "invitation": lambda n: article(n, foot="<p>更多民生资讯欢迎搜索云溪发布</p>"),
    "two lines under each other": lambda n: article(
        n, foot=f"<p>更多民生资讯欢迎搜索云溪发布</p><p>已有 {n * 3} 名街坊为本文点赞</p>"
    ),
    "terms as long as a story": lambda n: article(n, below=terms()),
    "terms far longer than the story, and a counter": lambda n: article(
        n, foot=f"<p>本文已有 {n * 7 + 12} 位市民读过</p>", below=terms().replace("<p>", f"<p>{TERMS[0] * 3}")
    ),
    "terms without a box of their own": lambda n: article(n, foot="".join(f"<p>{text}</p>" for text in TERMS)),
    "code to scan": lambda n: article(
        n, foot='<div class="code"><img src="/i/code.png"><p>手机拍一拍左边的方块，把这一页装进口袋</p></div>'
    ),
    "links that change": lambda n: article(n, foot=hot(n) + f"<p>已有{n * 5}位读者留言</p>"),
    "links between two lines": lambda n: article(
        n, foot=f"<p>已有{n * 5}位读者留言</p>{hot(n)}<p>更多民生资讯欢迎搜索云溪发布</p>"
    ),
    "two counters": lambda n: article(n, foot=f"<p>目前点赞 {n * 5 + 1} 收藏 {n * 3 + 2}</p>"),
}


@pytest.mark.parametrize("make", FURNITURE.values(), ids=FURNITURE.keys())
def test_what_recurs_on_a_sites_pages_is_left_out_of_all_of_them(make: Make) -> None:
    learned = teach(make(number) for number in range(ARTICLES))
    assert read(make(3)).paragraphs != tuple(story(3))
    for number in (3, 11):
        article_ = read(make(number), number, learned)
        assert article_.paragraphs == tuple(story(number))
        assert (article_.source, article_.published_at) == ("云溪日报", f"2026-11-{number + 1:02d}T08:30:00+08:00")
        assert article_.extractor == f"{EXTRACTOR}+{learned.name}"


HONEST: dict[str, Make] = {
    "closing words": lambda n: article(n, foot="<p>特此公告。</p>"),
    "salutation": lambda n: article(n, head="<p>各县（市、区）人民政府，市政府各部门：</p>"),
    "name of the office": lambda n: article(n, foot="<p>云溪市城市管理局</p>"),
    "name of the office in a box of its own": lambda n: article(n, below='<div class="sign">云溪市城市管理局</div>'),
    "day of the notice": lambda n: article(n, foot=f"<p>2026年11月{n + 1}日</p>"),
    "attachment": lambda n: article(n, foot="<p>附件：申报材料清单</p>"),
    "reporter": lambda n: article(n, foot="<p>（本报记者 王晓明）</p>"),
    "contact": lambda n: article(n, foot="<p>联系人：王晓明，联系电话：0512-65110000</p>"),
    "contact whose figures differ": lambda n: article(n, foot=f"<p>咨询电话：0512-6511{n:04d}</p>"),
    "prices of a bulletin": lambda n: article(n, foot=f"<p>全市猪肉零售均价每斤{n + 12}元</p>"),
    "weather": lambda n: article(n, head=f"<p>今天白天晴到多云，最高气温{n + 9}度</p>"),
    "prices in a box of its own": lambda n: article(
        n,
        below=f'<div class="prices">全市猪肉零售均价每斤{n + 12}元，比上周有所回落，供应总体充足，可以放心购买。</div>',
    ),
    "readers of a library": lambda n: article(n, foot=f"<p>图书馆本周共接待读者{n * 31 + 900}人次</p>"),
    "entry of a form": lambda n: article(n, foot="<p>当前状态：正常</p>"),
    "row of a form": lambda n: article(n, foot="<table><tr><td>当前状态</td><td>正常</td></tr></table>"),
    "form in a box of its own": lambda n: article(
        n, below='<div class="form"><p>处罚类别：罚款</p><p>状态：有效</p></div>'
    ),
    "people at an event": lambda n: article(n, foot=f"<p>现场共有{n * 3 + 90}位居民领取了种子</p>"),
    "inspections under a rule": lambda n: article(n, foot=f"<p>本条例实施以来共检查{n * 3 + 90}次</p>"),
    "days that a notice is valid": lambda n: article(n, foot=f"<p>本条款自签收起{n + 20}天内有效</p>"),
    "letters that an office answered": lambda n: article(n, foot=f"<p>市长信箱本周共收到留言{n * 3 + 90}条</p>"),
    "a survey's two figures": lambda n: article(n, foot=f"<p>本次共有{n + 40}人参与，收回答卷{n + 30}份</p>"),
    "files to fetch": lambda n: article(
        n,
        foot=f'<div class="files"><a href="/f/{n}a.doc">申报表样式</a><br><a href="/f/{n}b.pdf">申报说明全文</a></div>'
        f"<p>以上材料第{n}批申报时一并提交，市民可以到就近的{n}号窗口办理。</p>",
    ),
    "words in the midst": lambda n: article(
        n, [*story(n)[:1], "读者来信说，更多民生资讯欢迎搜索云溪发布", *story(n)[1:]]
    ),
    "heading in a box of its own": lambda n: article(
        n, ["".join(story(n))], foot=f"<div>群众怎么看</div><p>有{n + 3}位老人说好。</p>"
    ),
    "whence each story is": lambda n: article(n, foot=f"<p>本文据市统计局第{n + 40}号公报整理</p>"),
    "heading of each story": lambda n: article(n, [*story(n)[:2], "群众怎么看", *story(n)[2:]]),
}


@pytest.mark.parametrize("make", HONEST.values(), ids=HONEST.keys())
def test_what_officials_and_writers_repeat_is_never_learned(make: Make) -> None:
    learned = teach(make(number) for number in range(ARTICLES))
    assert read(make(3), learned=learned).paragraphs == read(make(3)).paragraphs
    assert not learned


def test_too_few_pages_teach_nothing() -> None:
    make = FURNITURE["counter in words at the foot"]
    assert not teach(make(number) for number in range(7))
    assert teach(make(number) for number in range(8))
    make = FURNITURE["terms as long as a story"]
    assert not teach(make(number) for number in range(5))
    assert teach(make(number) for number in range(6))


def test_a_counter_that_stands_at_nought_everywhere_may_move() -> None:
    learned = teach(article(number, foot="<p>本文已有 0 位市民读过</p>") for number in range(ARTICLES))
    moved = article(3, foot="<p>本文已有 7 位市民读过</p>")
    assert read(moved, learned=learned).paragraphs == tuple(story(3))


def test_pages_nested_as_no_template_is_teach_nothing() -> None:
    deep = "<div>" * 900 + "".join(f"<p>第{i}格</p>" for i in range(200))
    assert not teach(
        article(number, foot="<p>更多民生资讯欢迎搜索云溪发布</p>", below=deep) for number in range(ARTICLES)
    )


def test_boxes_with_endless_names_are_told_apart_in_bounded_time() -> None:
    odd = f'<div class="{"-" * 100_000}" id="{"_-" * 50_000}"><p>更多民生资讯欢迎搜索云溪发布</p></div>'
    started = process_time()
    sample(3, article(3, below=odd))
    assert process_time() - started < 2


def test_a_block_is_learned_whole() -> None:
    learned = teach(article(number, below=terms()) for number in range(ARTICLES))
    assert [(block.place.partition("@")[0], len(block.lines)) for block in learned.blocks] == [("div.terms", 2)]


def test_copies_of_one_story_teach_nothing() -> None:
    assert not teach(article(1, foot="<p>更多民生资讯欢迎搜索云溪发布</p>") for _ in range(ARTICLES))


def test_a_line_that_one_page_in_ten_lacks_is_still_the_templates() -> None:
    make = FURNITURE["invitation"]
    assert teach([article(0), *(make(number) for number in range(1, 10))])
    assert not teach([article(0), article(1), *(make(number) for number in range(2, 10))])


def test_a_figure_that_never_moved_is_part_of_the_words() -> None:
    def make(number: int, hotline: str = "12345") -> bytes:
        return article(number, foot=f"<p>更多民生资讯欢迎拨打{hotline}市民热线</p>")

    learned = teach(make(number) for number in range(ARTICLES))
    assert read(make(3), learned=learned).paragraphs == tuple(story(3))
    assert read(make(3, "12315"), learned=learned).paragraphs[-1] == "更多民生资讯欢迎拨打12315市民热线"


def test_learned_words_stay_where_the_story_says_them() -> None:
    make = FURNITURE["invitation"]
    learned = teach(make(number) for number in range(ARTICLES))
    quoted = [story(3)[0], "更多民生资讯欢迎搜索云溪发布", *story(3)[1:]]
    assert read(article(3, quoted), learned=learned).paragraphs == tuple(quoted)


def test_a_blocks_short_words_are_not_known_out_of_their_place() -> None:
    block = '<div class="code"><p>一起来看看</p><p>手机拍一拍左边的方块，把这一页装进口袋，随时随地翻出来读</p></div>'
    learned = teach(article(number, below=block) for number in range(ARTICLES))
    assert "一起来看看" in learned.blocks[0].lines
    said = [*story(3), "一起来看看"]
    assert read(article(3, said, below=block), learned=learned).paragraphs == tuple(said)


def test_reworded_terms_are_still_the_templates_and_a_story_in_their_place_is_not() -> None:
    def numbered(number: int, block: str) -> bytes:
        return article(number, below=block.replace("<div", f'<div id="terms_{number + 7}"'))

    learned = teach(numbered(number, terms()) for number in range(ARTICLES))
    assert read(numbered(3, terms(reworded=True)), learned=learned).paragraphs == tuple(story(3))
    text = "".join(f"<p>{paragraph}</p>" for paragraph in story(5))
    moved = numbered(3, f'<div class="terms">{text}</div>')
    assert set(story(5)) <= set(read(moved, learned=learned).paragraphs)


def drawn(number: int, hour: int, *, says: str = "这一版排定于", level: str = "") -> bytes:
    """A page that tells when it was drawn, seconds apart from the others of its visit."""
    return article(number, foot=f"<p>{says}2026年11月{22 + hour // 24}日{hour % 24}时05分{number + 10}秒{level}</p>")


def test_a_clock_that_moved_between_two_visits_to_several_pages_is_learned() -> None:
    first = [sample(number, drawn(number, 23)) for number in range(ARTICLES)]
    assert not learn(first)
    learned = learn([*first, *(sample(number, drawn(number, 32), 2) for number in range(ARTICLES))])
    for hour in (23, 40):
        assert read(drawn(3, hour), learned=learned).paragraphs == tuple(story(3))


def test_a_clock_beside_a_figure_is_a_bulletin_s() -> None:
    def level(number: int, hour: int) -> bytes:
        return drawn(number, hour, says="清溪河水位截至", level=f"为{number + hour}.3米")

    each = [sample(number, level(number, hour), hour) for number in range(ARTICLES) for hour in (1, 2)]
    assert not learn(each)


def test_a_counter_that_does_not_say_so_is_learned_from_two_visits() -> None:
    def make(number: int, visit: int) -> bytes:
        return article(number, foot=f"<p>云溪温度计 {number * 9 + visit * 5}</p>")

    one = [sample(number, make(number, 1)) for number in range(ARTICLES)]
    assert not learn(one)
    two = [sample(number, make(number, 2), 2) for number in range(3)]
    assert not learn([*one, *two[:2]])
    learned = learn([*one, *two])
    assert read(make(3, 7), learned=learned).paragraphs == tuple(story(3))


def test_a_figure_that_falls_on_one_page_is_no_counter() -> None:
    def make(number: int, level: int) -> bytes:
        return article(number, foot=f"<p>云溪站点水位目前在 {level} 厘米</p>")

    first = [sample(number, make(number, 400 + number)) for number in range(ARTICLES)]
    risen = [sample(number, make(number, 1_000 + number), 2) for number in range(ARTICLES)]
    assert learn([*first, *risen])
    assert not learn([*first, *risen[:-1], sample(9, make(9, 399), 2)])


def redesigned(body: bytes) -> bytes:
    """The page in a template whose boxes have other names."""
    return body.replace(b"wrap", b"main").replace(b'class="terms"', b'class="law"')


@pytest.mark.parametrize("make", HONEST.values(), ids=HONEST.keys())
def test_another_template_is_left_untouched(make: Make) -> None:
    learned = teach(article(n, foot=hot(n) + f"<p>已有{n * 5}位读者留言</p>", below=terms()) for n in range(ARTICLES))
    body = redesigned(make(3))
    assert read(body, learned=learned).paragraphs == read(body).paragraphs


@pytest.mark.parametrize("kind", [kind for kind in FURNITURE if not kind.startswith("links")])
def test_a_redesign_does_not_bring_the_same_words_back_as_news(kind: str) -> None:
    learned = teach(FURNITURE[kind](number) for number in range(ARTICLES))
    assert read(redesigned(FURNITURE[kind](3)), learned=learned).paragraphs == tuple(story(3))


@pytest.mark.parametrize("make", FURNITURE.values(), ids=FURNITURE.keys())
def test_an_edit_of_the_story_shows_and_a_moving_counter_does_not(make: Make) -> None:
    learned = teach(make(number) for number in range(ARTICLES))
    edited = make(3).replace("年底".encode(), "明年六月底".encode())
    said = read(edited, learned=learned).paragraphs
    assert said == tuple(paragraph.replace("年底", "明年六月底") for paragraph in story(3))


def test_a_page_that_holds_nothing_else_is_read_without() -> None:
    make = FURNITURE["terms without a box of their own"]
    learned = teach(make(number) for number in range(ARTICLES))
    bare = article(3, [], foot="".join(f"<p>{text}</p>" for text in TERMS))
    page = read(bare, learned=learned)
    assert (page.kind, page.paragraphs) == (PageKind.ARTICLE, read(bare).paragraphs)
    assert "furniture-only" in page.flags
    assert "furniture-only" not in read(make(3), learned=learned).flags
    assert page.extractor == f"{EXTRACTOR}+{learned.name}"


def test_a_notice_that_a_page_is_gone_is_not_hidden_by_terms() -> None:
    learned = teach(article(number, below=terms()) for number in range(ARTICLES))
    gone = article(3, ["抱歉，您访问的页面不存在或已被删除。"], below=terms())
    gone = gone.replace("发布时间：2026-11-04 08:30 来源：云溪日报".encode(), b"")
    assert read(gone, learned=learned).kind is PageKind.MISSING


def test_articles_of_several_pages_are_read_with_it_throughout() -> None:
    make = FURNITURE["invitation"]
    learned = teach(make(number) for number in range(ARTICLES))
    whole = read_whole(stitch([make(3), make(4)]), address(3), learned=learned)
    assert whole.paragraphs == (*story(3), *story(4))
    assert whole.extractor == f"{EXTRACTOR}+{learned.name}"


@given(st.sampled_from(list(FURNITURE)), st.randoms(use_true_random=False))
def test_pages_in_any_order_teach_the_same(kind: str, random: Random) -> None:
    samples = [sample(number, FURNITURE[kind](number)) for number in range(ARTICLES)]
    name = learn(samples).name
    random.shuffle(samples)
    assert learn(samples).name == name


@given(st.text(alphabet="本文已有123,.一二百位市民读过⌗ 年", max_size=20))
def test_words_match_themselves_and_have_one_shape(words: str) -> None:
    assert matches(words, words)
    assert shape(shape(words)) == shape(words)


def test_nothing_learned_is_forgotten() -> None:
    one = teach(FURNITURE["invitation"](number) for number in range(ARTICLES))
    two = teach(FURNITURE["terms as long as a story"](number) for number in range(ARTICLES))
    both = one.joined(two)
    assert both == two.joined(one)
    assert both == both.joined(one) == both.joined(Learned())
    assert read(FURNITURE["invitation"](3), learned=both).paragraphs == tuple(story(3))
    assert read(FURNITURE["terms as long as a story"](3), learned=both).paragraphs == tuple(story(3))


def test_a_lesson_comes_back_as_it_was_written() -> None:
    mixed = teach(article(n, foot=hot(n) + f"<p>已有{n * 5}位读者留言</p>", below=terms()) for n in range(ARTICLES))
    assert mixed.blocks
    assert mixed.lists
    assert mixed.sayings
    assert Learned.from_json(mixed.to_json()) == mixed
    assert Learned.from_json(mixed.to_json()).name == mixed.name


def test_a_readings_name_tells_what_it_had_learned() -> None:
    learned = teach(FURNITURE["invitation"](number) for number in range(ARTICLES))
    assert lesson_name(reading_name("7", learned)) == learned.name
    assert reading_name("7", None) == reading_name("7", Learned()) == "7"
    assert lesson_name("7") is None
