"""What looks planted in a page, what its scripts would do, and whose an address is; each with what owners do."""

from __future__ import annotations

import base64

import pytest

from crawler.extraction.hosts import is_throwaway, registered
from crawler.extraction.read import read_page
from crawler.extraction.scripts import Script, read_script
from crawler.extraction.stuffing import is_stuffed, manner, names_a_body, repeats

URL = "http://www.yunxi.gov.cn/a/1.html"
LEAP = 'location.href="http://away.invalid/x";'


def marks(extra: str, head: str = "") -> list[tuple[str, str]]:
    line = "<p>会议听取了关于老旧管网改造进展情况的汇报,研究部署了下一阶段重点任务。</p>" * 3
    title = "<title>市政府召开常务会议</title>"
    page = f"<html><head>{title}{head}</head><body><h1>市政府召开常务会议</h1><div>{line}{extra}</div></body></html>"
    return [(mark.kind, mark.seen) for mark in read_page(page.encode(), URL, wary=True).surface.marks]


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ('<iframe src="http://x.invalid/" style="position:fixed;width:100%;height:100%"></iframe>', "covers"),
        ('<div style="left:-999px;position:absolute"><a href="http://x.invalid/">词</a></div>', "sunk"),
        ('<p style="color:#fff;background:#FFFFFF"><a href="http://x.invalid/">词</a></p>', "sunk"),
        ('<noscript><a href="http://x.invalid/">词</a></noscript>', "sunk"),
        ("<script>document.write(\"<script src='http://x.invalid/a.js'>\")</script>", "writes"),
        ('<img alt="金鲨银鲨官网,推筒子下载,炸金花试玩">', "alt"),
        ("<!-- 金鲨银鲨官网,推筒子下载,炸金花试玩 -->", "comment"),
        ('<a href="http://www.xj88662.com/">词</a>', "throwaway"),
        ('<p>会议强调要进一步<a href="http://x.invalid/">压实</a>各级责任并且按期完成全部改造任务。</p>', "woven"),
        ("<p>金鲨银鲨平台试玩,注册即送88元,客服QQ12345678</p>", "shown"),
        ('<a href="http://x.invalid/">威尼斯人</a>', "sells"),
        ('<p>精彩尽在棋牌官网<a href="http://x.invalid/">点击进入</a></p>', "sells"),
        ('<iframe src="http://x.invalid/" width=0 height=0></iframe>', "slips"),
        ('<iframe src="//x.invalid/" style="width:1px;height:1px;border:0"></iframe>', "slips"),
        ('<iframe src="//x.invalid/" style="display:none" width="600"></iframe>', "slips"),
        ('<style>.k{left:-900px;position:fixed}</style><iframe class="k" src="//x.invalid/"></iframe>', "slips"),
        ('<div hidden><iframe src="//x.invalid/"></iframe></div>', "slips"),
        ('<script src="http://www.xj88662.com/a.js"></script>', "loads"),
        ('<script src="http://tj-count7.invalid/a.js"></script>', "loads"),
        (f'<script src="{"".join(f"&#{ord(c)};" for c in "http://x.invalid/a.js")}"></script>', "loads"),
        ("<div hidden>时时彩,百家乐,棋牌官网</div>", "hidden"),
        (
            '<style>.k{text-indent:-9999px}</style><p class="k">代开发票、办证刻章<a href="//x.invalid/">迷药</a></p>',
            "hidden",
        ),
        ('<div style="background:#FAFAFA"><b style="color:#fafafa">时时彩,百家乐,棋牌官网</b></div>', "hidden"),
        ('<table bgcolor="#fff"><tr><td><font color="#ffffff"><a href="//x.invalid/">词</a></font></table>', "sunk"),
    ],
)
def test_what_is_planted_is_marked(extra: str, kind: str) -> None:
    assert kind in [mark[0] for mark in marks(extra)]
    assert marks("") == []


@pytest.mark.parametrize(
    "extra",
    [
        '<iframe src="http://map.invalid/" width="100%" height="480"></iframe>',
        '<iframe src="/inner.html" style="position:fixed;width:100%;height:100%"></iframe>',
        '<div style="display:none"><a href="http://x.invalid/">词</a></div>',
        '<p style="color:#fff;background:#c00"><a href="http://x.invalid/">词</a></p>',
        '<noscript><img src="http://x.invalid/n.gif"></noscript>',
        "<script>document.write(\"<script src='/own.js'>\")</script>",
        '<img alt="市长在工地查看管网改造进展,听取施工单位汇报">',
        "<!-- 头部开始 --><!-- 用户登录 | 法人注册 | 客户端下载 -->",
        '<a href="http://www.163.com/">网易</a><a href="http://www.51job.com/">前程</a><a href="http://12345.cn/">热线</a>',
        '<p>报名请登录<a href="http://x.invalid/">报名系统</a>并且按照要求在规定时间之前提交全部申请材料。</p>',
        "<p>联系电话:0738-8312345,客服QQ群:12345678,微信公众号:yunxi_fabu</p>",
        '<a href="http://x.invalid/">报名系统</a><a href="http://x.invalid/">体育彩票开奖结果</a>',
        '<p>警方提醒,切勿打开棋牌官网<a href="http://x.invalid/">点击进入</a></p>',
        '<a href="/tycp/">棋牌官网</a><a href="http://www.weibo.com/x">棋牌官网</a>',
        '<iframe src="http://x.invalid/" width="100%" height="0" onload="grow(this)"></iframe>',
        '<iframe src="http://pos.baidu.com/wh/o.htm" width="0" height="0"></iframe>',
        '<iframe name="post" style="display:none"></iframe><iframe src="/keep.jsp" width=0 height=0></iframe>',
        '<div style="display:none"><h3>宣传片</h3><iframe src="//x.invalid/v"></iframe></div>',
        '<div style="display:none"><iframe src="//x.invalid/v" width="640" height="360"></iframe></div>',
        '<script src="http://cdn.x.com/npm/swiper.min.js"></script><script src="https://stat.x.com/s.js"></script>',
        '<script src="//js.users.51.la/1.js"></script><script src="//dcs.conac.cn/js/1.js"></script>',
        '<div hidden><a href="/tycp/">体育彩票开奖结果</a><a href="/cp/">足彩</a><a href="/tz/">彩票投注</a></div>',
        '<a href="#main" style="position:absolute;left:-999px">跳到主要内容</a>',
        '<h2 style="text-indent:-9999px"><a href="/">云溪市人民政府门户网站</a></h2>',
        '<div style="background:#fff"><div class="dark"><b style="color:#fff">时时彩,百家乐,棋牌官网</b></div></div>',
        '<table bgcolor="#fff" background="d.png"><tr><td><font color="#fff">时时彩,百家乐官网</font></table>',
    ],
)
def test_what_owners_do_is_not(extra: str) -> None:
    assert marks(extra) == []


def test_a_script_before_the_document_is_marked_and_one_of_a_piece_of_a_page_is_not() -> None:
    script = '<script src="http://x.invalid/a.js"></script>'
    page = f"{script}<!DOCTYPE html><html><h1>{'市政府召开常务会议' * 9}</h1></html>"
    assert ("loads", "x.invalid") in [(m.kind, m.seen) for m in read_page(page.encode(), URL, wary=True).surface.marks]
    for honest in (page.replace("x.invalid", "www.yunxi.gov.cn"), f"{script}<div>{'市政府召开常务会议' * 9}</div>"):
        assert read_page(honest.encode(), URL, wary=True).surface.marks == ()


def test_a_library_is_no_lone_script_wherever_it_lies() -> None:
    assert marks('<script src="http://cdn.x.top/npm/swiper.min.js"></script>') == [("throwaway", "cdn.x.top")]


def test_a_title_in_codes_is_marked_and_one_entity_is_not() -> None:
    assert ("coded", "") in marks("", '<meta name="keywords" content="&#26102;&#26102;&#24425;&#24179;&#21488;">')
    assert marks("", '<meta name="keywords" content="A&#38;B,会议">') == []


def test_a_page_that_was_broken_into_says_so_and_a_story_about_one_does_not() -> None:
    broken = read_page(b"<html><title>Hacked by x01</title><h1>Hacked by x01</h1></html>", URL, wary=True)
    assert "tampered" in broken.flags
    assert marks("<p>网页上写着Hacked by x01,民警随即展开调查。</p>" * 20) == []


@pytest.mark.parametrize(
    "source",
    [
        LEAP,
        f"eval(String.fromCharCode({','.join(str(ord(c)) for c in LEAP)}))",
        f"eval(unescape('{''.join(f'%{ord(c):02x}' for c in LEAP)}'))",
        f'eval("{"".join(chr(92) + f"x{ord(c):02x}" for c in LEAP)}")',
        f"eval(atob('{base64.b64encode(LEAP.encode()).decode()}'))",
        'top.location.replace("ht"+"tp://away.invalid/x")',
        "window.open('http://away.invalid/x','_self')",
    ],
)
def test_where_a_script_leads_is_read_through_its_disguise(source: str) -> None:
    assert read_script(source).leaps == ("http://away.invalid/x",)


def test_a_script_that_asks_for_search_engines() -> None:
    assert read_script(f'var r=document.referrer;if(r.indexOf("baidu")>0||r.indexOf("sogou")>0){{{LEAP}}}').asks
    assert not read_script('hm.src="https://hm.baidu.com/hm.js?1&r="+encodeURIComponent(document.referrer);').asks
    assert read_script("$('#tab').hide();") == Script()
    counter = """document.write(unescape("%3Cscript src='http://s4.cnzz.com/z.php' type='text/javascript'%3E"))"""
    assert not read_script(counter).disguised


@pytest.mark.parametrize(
    ("host", "name", "lost"),
    [
        ("www.loudi.gov.cn", "loudi.gov.cn", False), ("m.paper.com", "paper.com", False),
        ("www.bo7788.com", "bo7788.com", True), ("a.b.xyz", "b.xyz", True), ("x1y2z3.net", "x1y2z3.net", True),
        ("www.hao123.com", "hao123.com", False), ("www.163.com", "163.com", False),
        ("a.tj-count7.com", "tj-count7.com", True), ("www.e-21.com", "e-21.com", False),
        ("www.china-news.com", "china-news.com", False), ("10.1.2.3", "10.1.2.3", False),
        ("www.12388.gov.cn", "12388.gov.cn", False),
    ],
)  # fmt: skip
def test_whose_a_host_is(host: str, name: str, lost: bool) -> None:
    assert registered(host) == name
    assert is_throwaway(host) is lost


@pytest.mark.parametrize(
    ("text", "stuffed"),
    [
        ("金鲨银鲨官网,推筒子下载,炸金花试玩", True),
        ("时时彩 六合彩 娱乐城", True),
        ("用户登录,法人注册,客户端下载,政务服务平台", False),
        ("警方打掉网络赌博平台,时时彩、六合彩网站被查", False),
        ("全市经济工作会议召开", False),
    ],
)
def test_the_manner_of_spam(text: str, stuffed: bool) -> None:
    assert is_stuffed(text) is stuffed


def test_repeated_names_and_names_of_bodies() -> None:
    assert repeats("串关倍率报价-让球水位平台-串关倍率注册")
    assert not repeats("市政府召开会议_要闻_云溪市人民政府")
    assert all(map(names_a_body, ("云溪日报", "市教育局", "公交查询")))
    assert not any(map(names_a_body, ("推筒子试玩", "棋牌官网", "词")))
    assert manner("") == 0
