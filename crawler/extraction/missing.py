"""Pages that are no page: an article that is gone though the server says 200, and a firewall's page in its place.

Both are short and have no article on them. A story that reports on deleted pages, or on a website's firewall, has a
date and running text of its own and stays what it is. A notice that is spoken to the visitor under no headline of its
own stays a notice though the page's masthead shows a clock: that is no article's date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.records import PageKind

_MOST_TEXT = 150
"""Characters of running text, beside the notice itself, above which a page is not a mere notice."""

_MOST_LINES = 30
"""Lines that are no links above which a page is not a mere notice."""

_THING = "页面|网页|文章|文档|记录|视频|目录|路径|内容|信息|稿件|新闻|资源|文件|栏目|链接|网址|帖子|专题|地址"
_GONE = re.compile(
    rf"(?:{_THING})[^。,，]{{0,14}}?(?:不存在|未找到|找不到|没有找到|无法找到|已被?删除|被删除|已被?移除|已下线|已下架|已失效|已过期|已撤[下稿销]|不见了|走丢|"
    r"丢失了|飞走了|迷路|搬家了|无法访问|打不开)"
    rf"|(?:找不到|没有找到|未找到|无法找到|无此|没有此|没有该)[^。,，]{{0,14}}?(?:{_THING})"
    r"|(?:404|410)\s*[-—_:：|]?\s*(?:Not\s*Found|Error|Gone|错误|页面|出错|找不到)|(?:错误|Error|HTTP)\s*(?:代码)?\s*[:：]?\s*(?:404|410)|^\s*404\s*$"
    r"|Page\s+Not\s+Found|^\s*(?:File\s+)?Not\s+Found\s*$|(?:很)?抱歉[^。]{0,30}(?:不存在|删除|找不到)|参数错误|文章已删除|信息不存在|该页无法显示",
    re.IGNORECASE,
)
_BARRED = re.compile(
    r"(?:访问|请求|操作|行为|IP)[^。]{0,20}(?:被拦截|已被拦截|拦截|被阻断|被阻止|被禁止|被拒绝|受限|过于频繁|频率过高|存在威胁|可疑|异常)|拒绝访问|禁止访问|"
    r"安全验证|人机验证|人机识别|身份验证|滑动验证|请完成(?:下方|以下|下列)?[^。]{0,6}验证|请输入验证码|安全检[查测]|正在验证|浏览器(?:安全)?检[查测]|"
    r"网站防火墙|应用防火墙|Web\s*防火墙|云防护|云盾|云锁|安全狗|创宇盾|知道创宇|护卫神|加速乐|安恒|玄武盾|宝塔|网防G01|防护系统|"
    r"(?:开启|启用|打开)[^。]{0,6}(?:JavaScript|JS|Cookie)|enable\s+JavaScript|checking\s+your\s+browser|just\s+a\s+moment|"
    r"(?:403|405|412|418|429|521)\s*(?:Forbidden|Not\s+Allowed|Method\s+Not|Precondition|Too\s+Many)|Access\s+Denied|Request\s+(?:Rejected|blocked)|"
    r"Web\s+Application\s+Firewall|\bWAF\b",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"\$_ts\s*=|window\[['\"]\$_ts['\"]\]|__jsl_clearance|__jsluid|acw_sc__v2|/cdn-cgi/challenge|challenge-platform|cf_chl_|_guard/|"
    r"yunsuo_session|safedog|wzws[-_]waf|WZWS_|aliyun_waf|_waf_|captcha\.js|TencentCaptcha|gt\.js\?|geetest"
)
_LEAP = re.compile(r"location\s*\.\s*(?:reload|href|replace)|location\s*=")
_LONGEST_CHALLENGE = 6000
"""Characters of markup above which a page that sets a cookie and moves on is more than a challenge."""


_FAILED = re.compile(
    r"系统(?:发生|出现)错误|服务器(?:内部)?错误|运行时错误|(?:Server|Runtime|Fatal|Parse|Application)\s*Error|\w*Exception\b",
    re.IGNORECASE,
)
_TRACE = re.compile(
    r"\bin \S{1,200} (?:on )?line \d+|^\s*(?:at|在)\s+[\w.$\\]{1,200}(?:->|::|\.)?[\w<>]{0,80}\(|Stack\s?Trace|堆栈跟踪"
)
_TRACED = 3
"""Lines that name places in a program, from which a page is what its server printed when it failed."""


def _is_trace(titles: Sequence[str], plain: Sequence[str]) -> bool:
    """Whether a page says in its title or first lines that a program failed, and below where it stood."""
    if not any(_FAILED.search(text[:400]) for text in (*titles, *plain[:2])):
        return False
    return sum(_TRACE.search(text[:400]) is not None for text in plain) >= _TRACED


_TO_VISITOR = re.compile(
    r"^\W*(?:(?:很|非常)?(?:对不起|抱歉)|sorry\b|您|(?:该|此)(?:页面?|网页|文章|信息|稿件|内容|新闻|文档|链接)|请完成|请登录)",
    re.IGNORECASE,
)
_NO_HEADLINE = re.compile(
    r"\W*(?:(?:系统|信息|温馨|友情|错误|操作)?提示(?:信息|页面?)?|出错了?|错误|error|首页)\W*", re.IGNORECASE
)
_SITE = re.compile(r"[^。,!?;]{2,20}(?:网|网站|政府|门户|频道|在线)")
_PARTS = re.compile(r"[-_|—–]+")
_LONGEST_NOTICE = 60
_SENTENCE = re.compile(r".{19,}[。!?;]")
"""A line of running text, whatever it says."""
_OWN_SHARE = 0.5
"""The share of links from which a line leads elsewhere and says nothing of this page."""


def _own(plain: Sequence[str], shares: Sequence[float]) -> list[str]:
    return [text for text, share in zip(plain, shares, strict=True) if text and share < _OWN_SHARE]


def _spoken(heads: Sequence[str], plain: Sequence[str], shares: Sequence[float]) -> PageKind | None:
    """The kind of a page that has a date on it and yet says nothing but, to its visitor, that there is no page.

    ``heads`` are its titles and its headline: one that is an article's own makes it a notice that was published.
    """
    for head in filter(None, (_PARTS.split(head)[0].strip() for head in heads)):
        if not (_NO_HEADLINE.fullmatch(head) or _SITE.fullmatch(head) or _GONE.search(head) or _BARRED.search(head)):
            return None
    own = _own(plain, shares)
    told = [text for text in own if len(text) <= _LONGEST_NOTICE and _TO_VISITOR.match(text)]
    if any(_SENTENCE.search(text) for text in own if text not in told):
        return None
    if any(_GONE.search(text) for text in told):
        return PageKind.MISSING
    return PageKind.BLOCKED if any(_BARRED.search(text) for text in told) else None


_BROKEN = re.compile(
    r"Microsoft\s+OLE\s+DB|ODBC[^。]{0,30}(?:Driver|驱动)|ADODB\.|SQLSTATE\[|ORA-\d{5}|mysqli?_connect|"
    r"数据库(?:服务器)?[^。,]{0,4}(?:连接|链接)[^。,]{0,4}(?:失败|错误|出错|超时|异常)|(?:连接|链接)数据库[^。,]{0,4}(?:失败|出错|错误)|"
    r"无法连接到?数据库|Error\s+establishing\s+a\s+database|"
    r"\b50[0234]\s*[-:]?\s*(?:Internal\s+Server|Bad\s+Gateway|Service\s+(?:Temporarily\s+)?Unavailable|Gateway\s+Time-?out)",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"登[录陆]|统一(?:身份)?认证|用户名|账号|帐号|密码|\blog\s?in\b|\bsign\s?in\b", re.IGNORECASE)
_LOGGED_OUT = re.compile(
    r"^\W*(?:您(?:还|尚)?(?:未|没有?)登[录陆]|请(?:您)?先?(?:重新)?登[录陆](?!后?[^。]{0,4}(?:评论|收藏|点赞|留言))|登[录陆](?:已)?(?:超时|失效|过期)|会话(?:已)?(?:超时|过期))"
)
_PASSWORD = re.compile(r"type\s*=\s*[\"']?password", re.IGNORECASE)
_FEW, _VERY_FEW = 400, 200
"""Characters that are no links, on all of a page, up to which it may be a server's error or a form to log in."""


def is_broken(titles: Sequence[str], plain: Sequence[str], shares: Sequence[float]) -> bool:
    """Whether a page is what a server prints in the place of a page when it fails: a trace, a database out of reach.

    It says nothing of whether the page it stands for is there.
    """
    if _is_trace(titles, plain):
        return True
    own = _own(plain, shares)
    return sum(map(len, own)) <= _FEW and any(_BROKEN.search(text[:400]) for text in (*titles, *own[:4]))


def _is_login(heads: Sequence[str], plain: Sequence[str], shares: Sequence[float], markup: str) -> bool:
    """Whether a page is a form to log in, or asks to; a box for members on an article's page is not all of the page."""
    own = _own(plain, shares)
    if sum(map(len, own)) > _VERY_FEW:
        return False
    parts = [part for part in (_PARTS.split(head)[0].strip() for head in heads) if part]
    if not all(_NO_HEADLINE.fullmatch(part) or _SITE.fullmatch(part) or _LOGIN.search(part) for part in parts):
        return False
    form = _PASSWORD.search(markup) is not None and any(_LOGIN.search(text) for text in (*heads, *own))
    return form or any(_LOGGED_OUT.search(text) for text in own)


_UPKEEP = re.compile(
    r"(?:网站|系统|平台|服务器?|本站|站点|数据库|机房|页面|栏目)[^。]{0,20}(?:维护|升级|改版|改造|建设|迁移|调试|检修|割接|调整|关闭)|"
    r"(?:维护|升级|改版|改造|迁移|检修)[^。]{0,10}(?:中|期间)|(?:暂停|停止|中断)(?:对外)?(?:访问|服务)|恢复(?:正常)?(?:访问|服务)|"
    r"under\s+(?:construction|maintenance)|scheduled\s+maintenance",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"正在|进行|处于|期间|中\W*$|暂停|暂时|临时|停止|恢复|预计|敬请|谅解|稍后|under\s|scheduled", re.IGNORECASE
)


def is_upkeep(titles: Sequence[str], plain: Sequence[str], shares: Sequence[float]) -> bool:
    """Whether all that a page says, in a few lines, is that a site or a system is being worked on.

    A city's own notice of that reads alike: whether it stands in another page's place, its past tells.
    """
    own = _own(plain, shares)
    if sum(map(len, own)) > _FEW:
        return False
    told = [text for text in (*own, *titles) if _UPKEEP.search(text)]
    return bool(told) and any(_NOW.search(text) for text in told)


def verdict(
    titles: Sequence[str],
    plain: Sequence[str],
    shares: Sequence[float],
    markup: str,
    *,
    running: float,
    dated: bool,
    headline: str | None = None,
) -> PageKind | None:
    """``MISSING`` or ``BLOCKED`` where a page is a notice in place of a page, ``EMPTY`` where its server failed and
    printed why; else ``None``.

    ``plain`` are the visible canonical lines and ``shares`` the part of each that is links; ``running`` is the
    running text of whatever looked like a body, in characters; ``dated`` says that a date stands beside it.
    """
    heads = [*titles, headline or ""]
    if dated and (spoken := _spoken(heads, plain, shares)):
        return spoken
    if not dated and is_broken(titles, plain, shares):
        return PageKind.EMPTY
    if not dated and _is_login(heads, plain, shares, markup):
        return PageKind.BLOCKED
    notices = [text for text, share in zip(plain, shares, strict=True) if len(text) <= 120 and share < 0.5]
    if dated or len(notices) > _MOST_LINES or running - sum(map(len, notices)) > _MOST_TEXT:
        return None
    said = sum(len(text) for text in notices if _GONE.search(text) or _BARRED.search(text))
    if running - said > _MOST_TEXT:
        return None
    if any(_GONE.search(text) for text in (*titles, *notices)):
        return PageKind.MISSING
    visible = sum(len(text) for text in plain)
    if visible < 1500 and any(_BARRED.search(text) for text in (*titles, *notices)):
        return PageKind.BLOCKED
    if visible < 200 and _CHALLENGE.search(markup):
        return PageKind.BLOCKED
    if visible < 20 and len(markup) < _LONGEST_CHALLENGE and "document.cookie" in markup and _LEAP.search(markup):
        return PageKind.BLOCKED
    return None
