"""Pages that are no page: gone with a 200, or a firewall's; and stories about such pages, which stay stories."""

from __future__ import annotations

import pytest

from crawler.extraction.read import read_page
from storage.records import PageKind, Role

NAV = "".join(f'<a href="/c{i}/">栏目{i}</a>' for i in range(12))


@pytest.mark.parametrize(
    "markup",
    [
        '<title>提示</title><div>对不起,您访问的页面不存在或已被删除!<a href="/">返回首页</a></div>',
        "<title>404 Not Found</title><center><h1>404 Not Found</h1></center><hr><center>nginx</center>",
        "<title>404错误</title><h1>404</h1><p>抱歉,您要查看的页面找不到了</p>",
        f"<title>某市人民政府</title><div>{NAV}</div><p>您访问的文章已删除。</p><div>版权所有 某市人民政府办公室</div>",
        "<title>页面未找到</title><p>很抱歉,没有找到您要的页面</p><p>5秒后返回首页</p>",
        "<p>该信息不存在或已下线</p>",
        "<p>此稿件已撤稿</p>",
        "<p>没有找到您要访问的内容</p>",
        "<title>出错啦</title><p>Page Not Found</p>",
        "<p>文件未找到</p><p>The requested URL was not found on this server.</p>",
    ],
)
@pytest.mark.parametrize("role", [None, Role.ARTICLE, Role.COLUMN])
def test_a_notice_in_place_of_a_page_is_missing(markup: str, role: Role | None) -> None:
    read = read_page(markup.encode(), role=role)
    assert read.kind is PageKind.MISSING
    assert (read.paragraphs, read.links, read.published_at) == ((), (), None)


@pytest.mark.parametrize(
    "markup",
    [
        "<title>访问被拦截</title><p>您的访问请求可能对网站造成威胁,已被拦截</p><p>事件编号:1f2e3d</p>",
        "<title>安全验证</title><p>请完成下方验证后继续访问</p>",
        "<title>知道创宇云防御</title><p>您的IP访问过于频繁,请稍后再试</p>",
        "<title>网站防火墙</title><p>您的请求带有不合法参数,已被网站管理员设置拦截!</p><p>网站安全狗</p>",
        "<html><head><meta id='x9' content='abc'><script>$_ts=window['$_ts'];</script></head><body></body></html>",
        "<html><body><script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script></body></html>",
        "<h1>405 Not Allowed</h1><hr><p>openresty</p>",
        "<title>412 Precondition Failed</title><h1>412 Precondition Failed</h1>",
        "<title>403 Forbidden</title><h1>403 Forbidden</h1>",
        "<p>请开启JavaScript并刷新该页</p>",
        "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x.js'></script>",
    ],
)
def test_a_firewall_s_page_is_blocked(markup: str) -> None:
    assert read_page(markup.encode()).kind is PageKind.BLOCKED
    assert read_page(markup.encode(), role=Role.COLUMN).kind is PageKind.BLOCKED


@pytest.mark.parametrize(
    "markup",
    [
        "<title>503 Service Temporarily Unavailable</title><h1>503 Service Temporarily Unavailable</h1><hr>nginx",
        "<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>",
        "<html><body></body></html>",
    ],
)
def test_a_server_in_trouble_is_neither_a_firewall_nor_a_withdrawal(markup: str) -> None:
    assert read_page(markup.encode(), role=Role.ARTICLE).kind not in (PageKind.BLOCKED, PageKind.MISSING)


STORIES = {
    "deleted pages": (
        "多家政府网站页面不存在 网友:点开全是404",
        "记者近日抽查了12家政府网站,发现其中5家的办事指南页面不存在或已被删除,点开后只显示“您访问的页面不存在”。",
    ),
    "a firewall": (
        "市政府网站云防护系统拦截攻击三万余次",
        "昨日,市大数据局通报,网站防火墙全年拦截恶意访问三万余次,对访问过于频繁的地址启用了安全验证,未发生一起安全事件。",
    ),
    "a code": (
        "市民热线推出404号便民巴士",
        "5月8日起,404路便民巴士开通,首班车早上6时发车,末班车晚上9时收车,全程票价2元。",
    ),
}


@pytest.mark.parametrize("story", STORIES, ids=list(STORIES))
@pytest.mark.parametrize("paragraphs", [1, 3])
def test_a_story_about_such_pages_stays_an_article(story: str, paragraphs: int) -> None:
    title, text = STORIES[story]
    body = f"<p>{text}</p>" * paragraphs
    markup = f"<title>{title}_某市日报网</title><h1>{title}</h1><p>2021-05-08 来源:某市日报</p>{body}"
    read = read_page(markup.encode())
    assert read.kind is PageKind.ARTICLE
    assert read.title == title


def test_a_column_that_lists_such_stories_stays_a_list() -> None:
    items = "".join(
        f'<li><a href="/2021/05{i:02}.html">{STORIES["deleted pages"][0]}</a>2021-05-{i:02}</li>' for i in range(1, 9)
    )
    read = read_page(f"<title>网络安全_某市日报网</title><ul>{items}</ul>".encode())
    assert read.kind is PageKind.LIST
    assert len(read.links) == 8


def test_a_home_page_is_not_a_notice() -> None:
    blocks = "".join(f"<p>便民服务第{i}项:安全检查、身份验证与举报</p>" for i in range(60))
    assert read_page(f"<title>某市人民政府</title>{blocks}".encode()).kind is not PageKind.BLOCKED


TRACE = "".join(f"<li>at App::run{n}('index') in App.php line {n}2</li>" for n in range(4))


def test_what_a_server_prints_when_it_fails_is_no_article() -> None:
    code = "".join(f"<li>if (preg_match('/mobile|phone{n}/i', $agent)) {{ return true; }}</li>" for n in range(9))
    dump = f"<h1>未定义数组索引: mobile</h1><ol>{code}</ol><h2>Call Stack</h2><ol>{TRACE}</ol>"
    read = read_page(f"<html><head><title>系统发生错误</title></head><body>{dump}</body></html>".encode())
    assert (read.kind, read.paragraphs) == (PageKind.EMPTY, ())


def test_a_lesson_about_such_a_page_is_an_article() -> None:
    text = "<p>同学们在实验课上常会遇到下面这样的出错页面，它一行一行地告诉我们程序是在哪里停下来的，不必惊慌。</p>" * 3
    lesson = f"<h1>怎样读懂系统发生错误的页面</h1><p>2021-05-08 来源：信息中心</p><div>{text}<ol>{TRACE}</ol></div>"
    page = f"<html><head><title>怎样读懂系统发生错误的页面</title></head><body>{lesson}</body></html>"
    assert read_page(page.encode()).kind is PageKind.ARTICLE
