"""Pages that are no page: an article that is gone though the server says 200, and a firewall's page in its place.

Both are short and have no article on them. A story that reports on deleted pages, or on a website's firewall, has a
date and running text of its own and stays what it is.
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


def verdict(
    titles: Sequence[str], plain: Sequence[str], shares: Sequence[float], markup: str, *, running: float, dated: bool
) -> PageKind | None:
    """``MISSING`` or ``BLOCKED`` where a page is a notice in place of a page, ``EMPTY`` where its server failed and
    printed why; else ``None``.

    ``plain`` are the visible canonical lines and ``shares`` the part of each that is links; ``running`` is the
    running text of whatever looked like a body, in characters; ``dated`` says that a date stands beside it.
    """
    if not dated and _is_trace(titles, plain):
        return PageKind.EMPTY
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
