"""A hijack is told with its evidence; what owners, police and lottery bureaus do honestly is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from compare_sample import OATH, article

from crawler.extraction.spamwords import SPAM_FAMILIES, SPAM_WORDS, matching_form, spam_words
from monitor.compare.signs import hosts_of
from monitor.compare.tampering import note_of, tampering
from storage.records import Article, Link, Mark, Surface

HEADLINE = "“一领两用三加强”推动党史学习教育走深走实"
SURFACE = Surface(title=f"{HEADLINE}-武汉大学党史学习教育", outside=("www.hubei.gov.cn", "friend.example.com"))
CLEAN = article(*OATH, title=HEADLINE, surface=SURFACE, site_name="武汉大学党史学习教育")
SPAM_TITLE = "彩票平台注册登录-澳门在线真人娱乐官网"
BLOCK = tuple(Link(f"http://spam.invalid/{n}", "友情站点") for n in "abc")


def page(*, text: tuple[str, ...] = OATH, headline: str = HEADLINE, **surface: object) -> Article:
    """The clean page with this text, headline and changed surface."""
    return replace(CLEAN, title=headline, canonical=text, paragraphs=text, surface=replace(SURFACE, **surface))


@pytest.mark.parametrize(
    ("hijacked", "keys"),
    [
        pytest.param(page(title=SPAM_TITLE), {"spam_words", "title"}, id="title"),
        pytest.param(page(keywords="时时彩,真人娱乐"), {"spam_words", "keywords"}, id="keywords"),
        pytest.param(
            page(description="提供棋牌游戏、百家乐、老虎机下载"), {"spam_words", "description"}, id="description"
        ),
        pytest.param(
            page(title="&#26102;&#26102;&#24425;平台"), {"spam_words", "title", "entity_coded"}, id="entities"
        ),
        pytest.param(page(title="时 时 彩 ★ 真·人·娱·乐"), {"spam_words", "title"}, id="decorated words"),
        pytest.param(page(title="時時彩真人娛樂"), {"spam_words", "title"}, id="traditional words"),
        pytest.param(page(hidden=BLOCK), {"hidden_links", "hidden_count"}, id="a hidden block"),
        pytest.param(
            page(hidden=(Link("http://spam.invalid/a", "澳门真人娱乐"),)),
            {"spam_words", "hidden_links", "hidden_count"},
            id="one hidden link that says it all",
        ),
        pytest.param(page(title="ルイヴィトン バッグ 通販 激安"), {"title"}, id="a title in another script"),
        pytest.param(page(redirects=("http://jump.invalid/x",)), {"redirects"}, id="a script that leads away"),
        pytest.param(
            page(title=SPAM_TITLE, headline=SPAM_TITLE), {"spam_words", "title"}, id="the headline comes from the title"
        ),
        pytest.param(
            page(text=("澳门真人娱乐,时时彩平台,百家乐投注,棋牌官网下载,皇冠体育。",) * 3),
            {"spam_words"},
            id="the text itself was replaced",
        ),
    ],
)
def test_a_hijack(hijacked: Article, keys: set[str]) -> None:
    evidence = tampering(CLEAN, hijacked)
    assert evidence is not None
    assert set(evidence) == keys | {"score"}
    assert 0.6 <= float(str(evidence["score"])) <= 1.0
    assert note_of(evidence) or set(evidence) == {"entity_coded", "score"}


POLICE = ("警方打掉一个网络赌博团伙,涉案人员利用百家乐、时时彩、棋牌平台开设赌场,接受投注。", "市民切勿参与赌博。")
LOTTERY = ("中国体育彩票开奖结果公布,本期足彩、彩票销量创新高。", "彩票公益金用于体育事业。")


@pytest.mark.parametrize(
    "honest",
    [
        pytest.param(CLEAN, id="nothing"),
        pytest.param(page(title=f"{HEADLINE}_新闻中心_武汉大学"), id="another suffix"),
        pytest.param(page(title="武汉大学党史学习教育"), id="only the site's name"),
        pytest.param(page(keywords="党史学习教育,武汉,宣誓"), id="keywords of the story"),
        pytest.param(page(outside=(*SURFACE.outside, "new-friend.example.org")), id="a new friend link"),
        pytest.param(page(hidden=(Link("http://stat.unknown.example/c.js", "统计"),)), id="a hidden counter"),
        pytest.param(
            page(hidden=tuple(Link(f"http://www.{city}.gov.cn/", city) for city in ("wuhan", "huangshi", "yichang"))),
            id="a drop-down of governments",
        ),
        pytest.param(
            page(hidden=tuple(Link(f"http://friend.example.com/{n}", "栏目") for n in range(5))), id="a known host"
        ),
        pytest.param(page(redirects=("https://mp.weixin.qq.com/s/abc",)), id="a jump to the WeChat copy"),
        pytest.param(page(redirects=("http://m.friend.example.com/",)), id="a jump to a known site's mobile pages"),
        pytest.param(
            page(text=POLICE, headline="警方打掉网络赌博团伙", title="警方打掉网络赌博团伙-时时彩百家乐棋牌"),
            id="a police story",
        ),
        pytest.param(
            page(text=LOTTERY, headline="体育彩票公告", title="体育彩票公告", keywords="彩票,足彩,开奖结果"),
            id="a lottery bureau",
        ),
        pytest.param(
            page(title="迎新春文艺晚会圆满落幕", headline="迎新春文艺晚会圆满落幕"), id="a foreign title alone"
        ),
        pytest.param(page(keywords="贷款"), id="one mild word"),
    ],
)
def test_an_honest_page(honest: Article) -> None:
    assert tampering(CLEAN, honest) is None


def test_hosts_known_on_the_site_are_no_strangers() -> None:
    assert tampering(CLEAN, page(hidden=BLOCK)) is not None
    assert tampering(CLEAN, page(hidden=BLOCK), {"spam.invalid"}) is None


def test_what_was_there_before_is_no_news() -> None:
    hijacked = page(title=SPAM_TITLE, hidden=BLOCK, redirects=("http://jump.invalid/x",))
    assert tampering(hijacked, hijacked) is None
    assert tampering(hijacked, CLEAN) is None


@pytest.mark.parametrize(
    ("first", "tampered"),
    [
        (page(title=SPAM_TITLE), True),
        (page(title=SPAM_TITLE, headline=SPAM_TITLE), True),
        (page(hidden=(Link("http://spam.invalid/a", "澳门真人娱乐"),)), True),
        (page(hidden=BLOCK), False),
        (page(redirects=("http://jump.invalid/x",)), False),
        (page(text=POLICE, headline="警方通报", title="警方通报"), False),
        (page(text=LOTTERY, headline="体育彩票公告", title="体育彩票公告", keywords="彩票"), False),
        (CLEAN, False),
    ],
)
def test_at_first_sight_only_words_count(first: Article, tampered: bool) -> None:
    assert (tampering(None, first) is not None) is tampered


def test_the_evidence_names_what_was_seen() -> None:
    evidence = tampering(CLEAN, page(title=SPAM_TITLE, keywords="棋牌官网", hidden=BLOCK * 10))
    assert evidence is not None
    assert evidence["spam_words"] == {"title": ["彩票平台", "注册登录", "真人娱乐"], "keywords": ["棋牌官网"]}
    assert evidence["title"] == {"before": SURFACE.title, "after": SPAM_TITLE}
    assert evidence["hidden_count"] == 30
    assert evidence["hidden_links"] == [{"url": link.url, "title": link.title} for link in (BLOCK * 10)[:20]]
    note = note_of(evidence)
    assert (
        note
        == "出现垃圾词：彩票平台、注册登录、真人娱乐、棋牌官网；网页标题与正文无关；关键词与正文无关；新增隐藏链接30条"
    )


def test_every_spam_word_stands_in_its_matching_form_with_a_weight() -> None:
    for word, weight in SPAM_WORDS.items():
        assert matching_form(word) == word
        assert 0.0 < weight <= 1.0
    assert sum(map(len, SPAM_FAMILIES.values())) == len(SPAM_WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "多彩金秋文化节", "加快三大工程建设", "政府网站群建设", "军人妻子家属慰问", "独特码头风光", "新时代开启新征程",
        "绿色网络空间", "办证大厅上门服务", "二维码扫码", "感情色彩", "运输a货车", "增援交警",
    ],
)  # fmt: skip
def test_honest_phrases_hold_no_spam_word(text: str) -> None:
    assert spam_words(text) == {}


def marked(*marks: Mark, **surface: object) -> Article:
    return page(marks=marks, **surface)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "hijacked",
    [
        pytest.param(marked(Mark("covers", "www.x.invalid")), id="a frame over the page"),
        pytest.param(marked(Mark("defaced", "Hacked by x")), id="a page that says it was broken into"),
        pytest.param(marked(Mark("writes", "www.x.invalid"), Mark("disguised")), id="a disguised script"),
        pytest.param(marked(Mark("writes", "www.bo7788.xyz")), id="a script of a throwaway host"),
        pytest.param(marked(Mark("woven", "宣誓 a.invalid"), Mark("woven", "武汉 b.invalid")), id="links on two words"),
        pytest.param(marked(*(Mark("throwaway", f"www.b{n}899.top") for n in range(3))), id="three throwaway hosts"),
        pytest.param(marked(Mark("alt", "金鲨银鲨官网,推筒子下载,房卡试玩")), id="a picture's name full of words"),
        pytest.param(
            page(title="金鲨银鲨官网-推筒子客服-房卡试玩", keywords="推筒子"), id="a title of words that no list has"
        ),
        pytest.param(
            page(text=(*OATH, "金鲨银鲨官网提供房卡试玩,注册即送88元,客服QQ12345678。")), id="a paragraph of spam"
        ),
        pytest.param(marked(Mark("slips", "x.invalid")), id="a frame that nobody sees"),
        pytest.param(marked(Mark("loads", "x.invalid")), id="a script of a name bought to be lost"),
        pytest.param(marked(Mark("sells", "申博太阳城 x.invalid")), id="a link that names two of them"),
        pytest.param(marked(Mark("sells", "足彩官网 x.invalid")), id="a link that shouts"),
        pytest.param(
            page(text=(*OATH, "推筒子试玩"), marks=(Mark("sells", "推筒子试玩 q8899.vip"),)),
            id="a link in the story, in words no list has, to a lost name",
        ),
        pytest.param(
            page(text=(*OATH, "更多精彩尽在申博太阳城官网"), outside=(*SURFACE.outside, "x.invalid")),
            id="a line beside a new link",
        ),
        pytest.param(
            page(
                text=(*OATH, "公安机关公布诈骗网站名单。", "澳门新葡京娱乐城官网"),
                outside=(*SURFACE.outside, "x.invalid"),
            ),
            id="a list below a warning that has a new link",
        ),
        pytest.param(
            page(hidden=BLOCK[:2], marks=(Mark("sunk", "spam.invalid"), Mark("throwaway", "q8899.vip"))),
            id="two links off the screen",
        ),
    ],
)
def test_a_hijack_by_its_manner(hijacked: Article) -> None:
    assert tampering(CLEAN, hijacked) is not None
    assert tampering(hijacked, hijacked) is None


@pytest.mark.parametrize(
    "honest",
    [
        pytest.param(marked(Mark("covers", "map.tianditu.gov.cn")), id="a government's map over the page"),
        pytest.param(marked(Mark("writes", "s4.cnzz.com")), id="a counter that is written"),
        pytest.param(marked(Mark("writes", "ad.somepaper.com")), id="an advertisement that is written"),
        pytest.param(marked(Mark("disguised")), id="a packed script"),
        pytest.param(marked(Mark("woven", "南浦集团 www.nanpu.com")), id="a link on one word"),
        pytest.param(marked(Mark("throwaway", "www.yc119.com"), Mark("throwaway", "a.vip")), id="two odd partners"),
        pytest.param(marked(Mark("alt", "武汉大学党史学习教育宣誓")), id="a picture named after the page"),
        pytest.param(
            page(hidden=tuple(Link(f"http://www.{n}city.com/", f"{n}日报") for n in "甲乙丙丁")),
            id="a drop-down of partners",
        ),
        pytest.param(
            page(text=(*OATH, "报名网址:http://www.rsks.com/,咨询电话:0738-8312345,QQ群:123456789。")),
            id="where to apply",
        ),
        pytest.param(page(text=(*OATH, *POLICE)), id="a warning of the police that was added"),
        pytest.param(marked(Mark("slips", "pos.baidu.com"), Mark("loads", "js.users.51.la")), id="counters"),
        pytest.param(
            marked(*(Mark(kind, "www.example.com") for kind in ("slips", "loads"))), id="frames and scripts it has"
        ),
        pytest.param(marked(Mark("sells", "南浦啤酒官网 www.nanpu.com")), id="a firm's own page"),
        pytest.param(
            marked(Mark("sells", "金秋楼盘特惠包邮 ad7.x1y2z3.com"), Mark("throwaway", "ad7.x1y2z3.com")),
            id="an advertisement beside the story",
        ),
        pytest.param(marked(Mark("sells", "武汉大学招生官网 zs.whu2021.top")), id="a link the story speaks of"),
        pytest.param(
            page(text=(*OATH, "公安机关公布诈骗网站名单。", "澳门新葡京娱乐城官网", "时时彩平台,百家乐投注")),
            id="a warning's list without links",
        ),
        pytest.param(page(text=(*OATH, "更多精彩尽在太阳城广场官网")), id="a line without a link"),
        pytest.param(page(keywords="政务公开,办事服务,政务服务平台,网上办事,便民服务"), id="keywords of an office"),
        pytest.param(page(redirects=("http://m.hubei.gov.cn/", "https://www.example.com/")), id="the site's own hosts"),
    ],
)
def test_what_an_owner_does(honest: Article) -> None:
    assert tampering(CLEAN, honest, {"www.example.com"}) is None


def test_a_known_name_covers_its_other_hosts() -> None:
    away = page(redirects=("http://m.loudi-news.com/",))
    assert tampering(CLEAN, away) is not None
    assert tampering(CLEAN, away, {"www.loudi-news.com"}) is None


def test_what_a_page_loads_is_known_on_its_site_and_so_is_where_it_links() -> None:
    surface = replace(
        SURFACE, marks=(Mark("loads", "a.invalid"), Mark("slips", "b.invalid"), Mark("sells", "词 c.invalid"))
    )
    assert hosts_of(surface) == (*SURFACE.outside, "a.invalid", "b.invalid")


AUCTION = (
    "客户端下载入口、会员登录、注册办理、网址查询、竞买代理均可在拍卖平台官网办理,"
    "26家会员单位参加,市拍卖行业协会负责组织。"
)


def test_a_mend_in_a_story_worded_like_spam_is_honest_and_a_paragraph_put_in_is_not() -> None:
    """What counts is what was put in: the story's own words were there before."""
    old = page(text=(AUCTION, *OATH))
    mended = page(text=(AUCTION.replace("26家", "27家"), *OATH))
    parted = page(text=(AUCTION[:30], AUCTION[30:], *OATH))
    spam = "澳门真人娱乐平台官网注册,时时彩开户首存返水,百家乐在线试玩下载。"
    assert tampering(old, mended) is None
    assert tampering(old, parted) is None
    for put in (page(text=(AUCTION, spam, *OATH)), page(text=(AUCTION + spam, *OATH))):
        evidence = tampering(old, put)
        assert evidence is not None
        assert "paragraphs" in evidence
