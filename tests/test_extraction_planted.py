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
    ],
)
def test_what_owners_do_is_not(extra: str) -> None:
    assert marks(extra) == []


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
        ("10.1.2.3", "10.1.2.3", False), ("www.12388.gov.cn", "12388.gov.cn", False),
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
