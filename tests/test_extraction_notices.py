"""What a server shows in an article's place though it says all is well; and articles that only look like that."""

from __future__ import annotations

import pytest

from crawler.extraction.read import read_page
from storage.records import Article, PageKind, Role

CLOCK = "2026年11月24日 星期二 08:54:49"
GONE = "对不起,您访问的文章不存在或已被删除。"
TEXT = "<p>本周起,市自来水公司对城北三个片区的供水管网进行改造,共更换管道12.6公里,惠及居民8300户。</p>" * 3


def read(markup: str) -> Article:
    return read_page(f"<html><head>{markup}</body></html>".encode(), role=Role.ARTICLE)


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        pytest.param(f"<title>提示</title><body><div>首页 {CLOCK}</div><div>{GONE}</div>", "missing", id="a clock"),
        pytest.param(
            f"<title>提示</title><body><div>首页 2026-11-24 08:54</div><p>{GONE}</p>", "missing", id="its minute"
        ),
        pytest.param(
            f"<title>云溪市政府网</title><body><div>{CLOCK}</div><p>{GONE}</p>", "missing", id="under the site's name"
        ),
        pytest.param(
            "<title>提示信息_云溪市人民政府</title><body><h1>提示信息</h1><p>发布时间:2026-11-20 来源:市府办</p>"
            "<p>该信息已被删除。</p>",
            "missing", id="in the template, with the article's byline",
        ),
        pytest.param(
            f"<title>访问被拦截</title><body><p>您的请求已被拦截</p><p>拦截时间:{CLOCK}</p>", "blocked", id="a firewall"
        ),
        pytest.param(
            "<title>网站公告_某局</title><body><h1>旧版栏目下线公告</h1><p>2026-11-20</p><p>该栏目信息已下线。</p>",
            "article", id="a notice that was published",
        ),
        pytest.param(
            f"<title>提示</title><body><h1>提示</h1><p>2026-11-20 来源:云溪日报</p><p>{GONE}</p>{TEXT}",
            "article", id="with a text below",
        ),
    ],
)  # fmt: skip
def test_a_clock_is_no_article_s_date(markup: str, kind: str) -> None:
    assert read(markup).kind.value == kind


@pytest.mark.parametrize(
    "markup",
    [
        "<body>Microsoft OLE DB Provider for SQL Server 错误 '80004005' [DBNETLIB] 连接失败",
        "<title>出错</title><body><h1>数据库连接失败</h1><p>请与管理员联系</p>",
        "<title>502 Bad Gateway</title><body><h1>502 Bad Gateway</h1><hr>nginx",
    ],
)
def test_a_server_s_error_is_flagged(markup: str) -> None:
    page = read(markup)
    assert page.kind is PageKind.EMPTY
    assert "server-error" in page.flags


def test_a_story_about_such_an_error_is_an_article() -> None:
    page = read(
        f"<title>预约平台数据库连接失败已修复</title><body><h1>预约平台数据库连接失败已修复</h1><p>2026-11-20</p>{TEXT}"
    )
    assert (page.kind, page.flags) == (PageKind.ARTICLE, ())


LOGIN = "<form>用户名<input name=u> 密码<input name=p type=password><button>登录</button></form>"


@pytest.mark.parametrize(
    ("markup", "blocked"),
    [
        (f"<title>统一身份认证</title><body>{LOGIN}", True),
        ("<title>提示</title><body><p>您尚未登录,请登录后查看</p>", True),
        (f"<title>供水管网改造</title><body>{LOGIN}<h1>供水管网改造</h1>{TEXT}", False),
        ("<title>供水管网改造</title><body><h1>供水管网改造</h1><p>2026-11-20</p><p>请登录后发表评论</p>", False),
    ],
)
def test_a_form_to_log_in_is_blocked(markup: str, blocked: bool) -> None:
    assert (read(markup).kind is PageKind.BLOCKED) is blocked


@pytest.mark.parametrize(
    ("markup", "flagged"),
    [
        ("<h2>系统维护公告</h2><p>网站正在升级维护,预计11月24日8时恢复访问,敬请谅解。</p>", True),
        ("<h1>网站建设中</h1>", True),
        ("<h1>Under construction</h1>", True),
        (f"<h1>供水管网改造期间暂停服务公告</h1><p>2026-11-20</p>{TEXT * 4}", False),
        ("<h1>网站考核结果</h1><p>2026-11-20</p><p>市政府网站在全省考核中名列第3位,得分92.6分。</p>", False),
    ],
)  # fmt: skip
def test_a_notice_of_maintenance_is_flagged(markup: str, flagged: bool) -> None:
    assert ("maintenance" in read(f"<title>云溪</title><body>{markup}").flags) is flagged


HOT = "".join(f'<li><a href="/n/{n}.html">第{n}届职业技能大赛在云溪开幕</a><em>({n}61)</em></li>' for n in range(6))


@pytest.mark.parametrize(
    ("text", "flagged"),
    [("", True), (TEXT, False), ("<p>本文已更正,原数据有误,现以市统计局公布的数据为准。</p>", False)],
)
def test_nothing_but_links_under_a_headline_is_flagged(text: str, flagged: bool) -> None:
    page = read(
        '<title>供水管网改造提速</title><meta name="ArticleTitle" content="供水管网改造提速"></head><body>'
        f'<h1>供水管网改造提速</h1><p>2026-11-20 来源:云溪日报</p><div class="TRS_Editor">{text}</div>'
        f'<div class="side"><h3>热点排行</h3><ul>{HOT}</ul></div>'
    )
    assert ("links-only" in page.flags) is flagged
