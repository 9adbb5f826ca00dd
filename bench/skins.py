"""Frames that a site may dress its articles in: the same article printed by several systems, each with its f"
"urniture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape
from random import Random

from bench import newsroom as say
from storage.records import Article

Skin = Callable[[Article, Random], str]


def printed_date(article: Article, form: int) -> str:
    """The article's date as one of several sites prints it, as precise as it is known; empty where it is not."""
    known = article.published_at
    if not known:
        return ""
    clock = known[11:16] if "T" in known else ""
    if len(known) < 10:
        return known
    day = date.fromisoformat(known[:10])
    forms = (
        f"{day:%Y-%m-%d}",
        f"{day:%Y年%m月%d日}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y/%m/%d}",
    )
    return f"{forms[form % len(forms)]} {clock}".strip()


def _list(dice: Random, count: int) -> str:
    rows = (f'<li><a href="/art/{dice.randint(1000, 99999)}.html">{say.headline(dice)}</a></li>' for _ in range(count))
    return "<ul>" + "".join(rows) + "</ul>"


def _menu(dice: Random) -> str:
    words = dice.sample(
        ["首页", "要闻", "政务", "公告公示", "部门动态", "乡镇", "民生", "视频", "专题", "服务", "互动", "数据"], 7
    )
    return "".join(f'<a href="/{number}/">{word}</a>' for number, word in enumerate(words))


def _files(article: Article) -> str:
    return "".join(f'<p>附件：<a href="{escape(f.url)}">{escape(f.name)}</a></p>' for f in article.attachments)


def _paragraphs(article: Article, form: str) -> str:
    return "\n".join(form.format(escape(text)) for text in article.paragraphs)


def _editors(article: Article, label: str) -> str:
    return f"{label}：{' '.join(article.editors)}" if article.editors else ""


def _source(article: Article, label: str) -> str:
    return f"{label}：{article.source}" if article.source else ""


def _page(title: str, head: str, body: str) -> str:
    top = f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n{head}\n'
    return f"{top}</head>\n<body>\n{body}\n</body>\n</html>\n"


def classic(article: Article, dice: Random) -> str:
    """Divisions, a menu above, lists beside, the text in ``#zoom``."""
    title = article.title or ""
    return _page(
        f"{title}-{say.city(dice)}新闻网",
        '<link href="/css/a.css" rel="stylesheet">',
        f'<div class="head"><div class="nav">{_menu(dice)}</div></div><div class="wrap"><div class="main">'
        f'<div class="pos">当前位置：<a href="/">首页</a> &gt; <a href="/xw/">新闻</a></div><h1>{escape(title)}</h1>'
        f'<div class="info">发布时间：{printed_date(article, 0)}　{_source(article, "来源")}　浏览次数：'
        f"{dice.randint(1, 9999)}</div>"
        f'<div id="zoom">{_paragraphs(article, "<p>　　{}</p>")}{_files(article)}</div>'
        f'<div class="ed">{_editors(article, "责任编辑")}</div>'
        '<div class="share">分享到：<a href="#">微信</a></div></div><div class="side"><h3>热点新闻'
        f"</h3>{_list(dice, 8)}</div></div>"
        f'<div class="foot">版权所有 {say.city(dice)}市人民政府办公室 ICP备{dice.randint(10**7, 10**8)}号</div>',
    )


def tabled(article: Article, dice: Random) -> str:
    """Layout tables, fonts and line breaks, as of 2008."""
    title, breaks = article.title or "", "<br><br>\n".join(f"　　{escape(text)}" for text in article.paragraphs)
    return _page(
        title,
        "",
        f'<table width="980"><tr><td>{_menu(dice)}</td></tr></table><table width="980"><tr>'
        '<td width="240" valign="top">'
        f'<font color="red">最新文章</font>{_list(dice, 6)}</td><td valign="top"><table width="100%"><tr>'
        '<td align="center">'
        f'<font size="5"><b>{escape(title)}</b></font></td></tr><tr><td align="center">'
        f"{_source(article, '来源')} {printed_date(article, 2)} 点击：{dice.randint(1, 9999)}</td></tr><tr><td>"
        f'<div class="content"><font size="3">{breaks}</font>{_files(article)}</div></td></tr><tr>'
        f'<td align="right">{_editors(article, "编辑")}</td></tr>'
        f"</table></td></tr></table><table><tr><td>主办：{say.body(dice)}　邮编："
        f"{dice.randint(100000, 999999)}</td></tr></table>",
    )


def modern(article: Article, dice: Random) -> str:
    """Sections and an ``article`` element, lists after the text, page labels in the head."""
    title = article.title or ""
    labels = f'<meta name="ArticleTitle" content="{escape(title)}">'
    labels += f'<meta name="PubDate" content="{printed_date(article, 0)}">'
    labels += f'<meta name="ContentSource" content="{escape(article.source)}">' if article.source else ""
    return _page(
        f"{title}_{say.city(dice)}市人民政府",
        labels,
        f'<header><a class="logo" href="/">{say.city(dice)}市人民政府</a><nav>{_menu(dice)}</nav></header>'
        "<main><article>"
        f'<h1 class="article-title">{escape(title)}</h1><p class="article-meta">'
        f"<time>{printed_date(article, 3)}</time> "
        f'<span class="source">{_source(article, "信息来源")}</span></p><section class="article-content">'
        f"{_paragraphs(article, '<p>{}</p>')}{_files(article)}</section>"
        f'<p class="article-editor">{_editors(article, "责编")}</p></article>'
        f'<aside class="related"><h2>相关阅读</h2>{_list(dice, 5)}</aside></main><footer>'
        f"<p>网站标识码：{dice.randint(10**9, 10**10)}</p></footer>",
    )


def worded(article: Article, dice: Random) -> str:
    """A TRS page with the markup of a word processor in its text."""
    title = article.title or ""
    font = '<span style="font-family: 仿宋_GB2312; font-size: 16pt">'
    form = f'<p class="MsoNormal" style="text-indent: 32pt; line-height: 28pt">{font}{{}}</span></p>'
    return _page(
        f"{title}_{say.body(dice)}",
        "<style>.MsoNormal{margin:0}</style>",
        f'<div id="top"><ul>{_menu(dice)}</ul></div><div class="xl-box"><div class="xl-title">{escape(title)}</div>'
        f'<div class="xl-other"><span>{_source(article, "文章来源")}</span> '
        f"<span>时间：{printed_date(article, 1)}</span><span>【字体：大 中 小】</span></div>"
        f'<div class="TRS_Editor">{_paragraphs(article, form)}{_files(article)}</div>'
        f'<div class="xl-foot"><span>{_editors(article, "责任编辑")}</span> 【<a href="#">打印</a>】【'
        '<a href="#">关闭</a>】</div></div>'
        f'<div class="links"><select><option>友情链接</option><option>{say.city(dice)}网</option></select>'
        f'</div><div id="bottom">技术支持：{say.city(dice)}大数据中心</div>',
    )


def formed(article: Article, dice: Random) -> str:
    """A Boda page: everything inside a form, the text in ``.v_news_content``."""
    title = article.title or ""
    return _page(
        f"{title}-{say.city(dice)}学院",
        "",
        f'<div class="menu">{_menu(dice)}</div><div class="list-l"><h2>新闻动态</h2>{_list(dice, 7)}</div>'
        f'<form name="_newscontent_fromname"><div class="ar_tit"><h2>{escape(title)}</h2>'
        f"<p>{printed_date(article, 0)} &nbsp; {_source(article, '来源')} &nbsp; 点击：["
        f"<span>{dice.randint(1, 999)}</span>]</p></div>"
        f'<div id="vsb_content"><div class="v_news_content">{_paragraphs(article, "<p><span>{}</span></p>")}'
        f"{_files(article)}</div></div>"
        f'<p>{_editors(article, "编辑")}</p><div class="np"><p>上一条：<a href="1.htm">{say.headline(dice)}'
        f'</a></p><p>下一条：<a href="2.htm">{say.headline(dice)}</a></p></div></form>'
        f'<div class="footer">地址：{say.city(dice)}市{dice.randint(1, 99)}号</div>',
    )


def plain(article: Article, dice: Random) -> str:
    """Divisions with names that say nothing, lists before the text, everything in one row."""
    title, tag = article.title or "", say.token(dice, 5)
    return _page(
        title,
        "",
        f'<div class="b{tag}"><span>{say.city(dice)}在线</span>{_menu(dice)}</div><div class="c{tag}">'
        f"<h2>{escape(title)}</h2>"
        f"<div>{printed_date(article, 0)} | {_source(article, '来源')}"
        f"</div>{_paragraphs(article, '<div>{}</div>')}{_files(article)}<div>{_editors(article, '责任编辑')}"
        "</div></div>"
        f'<div class="d{tag}">{_list(dice, 9)}</div><div class="e{tag}"><a href="/about">关于我们</a>'
        '<a href="/map">网站地图</a></div>',
    )


SKINS: tuple[Skin, ...] = (classic, tabled, modern, worded, formed, plain)
