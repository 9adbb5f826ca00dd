"""What stood in the way of a page or a crawl, in words a person knows.

Scrapy and Twisted say it by the names of their errors, and the crawl's children in English; the archive and the logs
keep it so. Here each KIND of trouble gets its words; one that has none is told as it stands. Pure.
"""

from __future__ import annotations

import errno
import re

from crawler.faults import Lang, Wording
from monitor.commands.wording import phrase
from monitor.tell import printable
from storage.errors import (
    BodyUnreadable,
    DatabaseLocked,
    DatabaseUnreachable,
    DiskFull,
    NewerDatabase,
    NotAlike,
    NotEmpty,
    StorageError,
)

_KINDS: tuple[tuple[re.Pattern[str], Wording], ...] = tuple(
    (re.compile(pattern), Wording(zh, en))
    for pattern, zh, en in (
        (r"robots", "robots.txt 不许访问", "robots.txt forbids it"),
        (r"Resolution|Lookup|DNS|not known", "找不到这台主机", "no such host"),
        (r"ConnectionRefused|[Rr]efused", "主机拒绝连接", "the host refuses connections"),
        (r"SSL|TLS|certificate", "加密连接出错", "the encrypted connection fails"),
        (r"Timeout|[Tt]imed out|took longer", "等不到回答", "no answer in time"),
        (r"larger|DownloadCancelled|maxsize", "网页太大", "too large a page"),
        (r"DataLoss|broke off|ResponseFailed|ConnectionLost|ConnectionDone", "回答中断", "the answer broke off"),
        (r"DownloadFailed|ConnectError|NoRoute|unreachable", "连不上主机", "the host cannot be reached"),
        (r"UnsupportedURLScheme|http\(s\)", "不是网址", "no address"),
        (r"leads off the site", "跳往别的网站", "leads to another site"),
        (r"redirections", "跳转太多次", "redirects too often"),
        (r"server error's page", "服务器出错页", "a server error's page"),
        (r"notice of maintenance", "网站维护页", "a notice of maintenance"),
        (r"^no links$", "没有列出文章", "lists no articles"),
        (r"^no answer$", "没有回答", "no answer"),
        (r"^the fetch was cut off$", "等不到回答", "no answer in time"),
    )
)  # fmt: skip
_STATUS = re.compile(r"(?:answered |answers )?([1-5]\d\d)")
_STATUSES = {
    400: Wording("请求被拒", "bad request"),
    401: Wording("要求登录", "asks for a log-in"),
    403: Wording("拒绝访问", "forbidden"),
    404: Wording("网页不存在", "not found"),
    410: Wording("网页已撤下", "gone"),
    412: Wording("拒绝访问", "refused"),
    429: Wording("请求太密", "too many requests"),
    500: Wording("网站出错", "the site has an error"),
    502: Wording("网站出错", "the site has an error"),
    503: Wording("网站暂停服务", "the site is out of service"),
    504: Wording("网站出错", "the site has an error"),
}
_ODD = Wording("回答异常", "an odd answer")

_CRAWLS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"the crawl of (?P<sites>.+) was cut off \(exit (?P<code>-?\d+)\); see (?P<log>.+)"),
        "{sites}: 抓取中断(退出码 {code}),详见 {log}",
    ),
    (
        re.compile(r"(?P<site>[\w-]+): the host asks for rest \(429\); its other pages wait for a later crawl"),
        "{site}: 主机要求歇一歇(429),其余网页留待以后抓取",
    ),
    (
        re.compile(r"(?P<site>[\w-]+): the host (?P<why>.+) again and again; its other pages wait for a later crawl"),
        "{site}: 主机连续出错({why}),其余网页留待以后抓取",
    ),
    (re.compile(r"(?P<n>\d+) unexpected errors; see the crawl log"), "{n} 处意外错误,详见 logs/crawl.log"),
)
_STORAGE: tuple[tuple[type[StorageError], str], ...] = (
    (NewerDatabase, "storage-newer"),
    (DatabaseLocked, "storage-locked"),
    (DiskFull, "storage-full"),
    (DatabaseUnreachable, "storage-down"),
    (BodyUnreadable, "storage-body"),
    (NotEmpty, "storage-taken"),
    (NotAlike, "storage-alike"),
    (StorageError, "storage-other"),
)
_SURVEYS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"robots\.txt 不许访问", "robots.txt forbids it"),
        (r"等不到回答", "no answer in time"),
        (r"找不到这台主机", "no such host"),
        (r"主机拒绝连接", "the host refuses connections"),
        (r"不是网址", "no address"),
        (r"不是网页", "no web page"),
        (r"网页太大", "too large a page"),
        (r"防火墙的拦截页", "a firewall's page"),
        (r"网页说内容不存在", "the page says that there is nothing"),
        (r"跳往别的网站(,没有跟去:)? (\S+)", r"leads to another site: \2"),
        (r"要求登录", "asks for a log-in"),
        (r"拒绝访问", "forbidden"),
        (r"网页不存在", "not found"),
        (r"网页已撤下", "gone"),
        (r"回答异常", "an odd answer"),
        (
            r"网页由脚本画出,读不到链接;请直接给出栏目的网址",
            "drawn by script; give the address of a column",
        ),
        (r"列出的文章都在 (\S+);请给出那里的栏目的网址", r"lists articles of \1; give the address of a column there"),
        (
            r"没有找到列出至少 (\d+) 篇文章的栏目;请直接给出栏目的网址",
            r"no column that lists \1 articles was found; give the address of one",
        ),
    )
)
_SYSTEM = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EEXIST: "已经有了",
    errno.ENOTDIR: "不是文件夹",
    errno.EISDIR: "是文件夹,不是文件",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EROFS: "磁盘只读",
}
_FAILS = re.compile(r"fails \((\w+)\)")


def trouble(how: str, lang: Lang) -> str:
    """Why a page could not be read: ``DownloadConnectionRefusedError: …`` is ``主机拒绝连接``."""
    status = _STATUS.fullmatch(how)
    if status:
        return f"{_STATUSES.get(int(status[1]), _ODD).said(lang)} ({status[1]})"
    return next((words.said(lang) for kind, words in _KINDS if kind.search(how)), printable(how))


def crawl_trouble(line: str, lang: Lang) -> str:
    """What a crawl's child told of its end; several are parted by ``; `` as they came."""
    if lang == "en":
        return printable(_FAILS.sub(lambda told: f"fails ({trouble(told[1], lang)})", line))
    return ";".join(_in_chinese(part) for part in re.split(r"; (?=[\w-]+: the host )", line))


def survey_trouble(line: str, lang: Lang) -> str:
    """What a survey of a site met, which it says in Chinese: ``http://a/  等不到回答``."""
    if lang == "en":
        for pattern, words in _SURVEYS:
            line = pattern.sub(words, line)
    return printable(line)


def storage_line(error: StorageError, lang: Lang) -> str:
    """A fault of the store in one line; in Chinese with the store's own words behind."""
    return phrase(lang, next(key for kind, key in _STORAGE if isinstance(error, kind)), error)


def system_line(error: OSError, lang: Lang) -> str:
    """What the system refused, in one line: ``/a/b: 没有这个文件或文件夹``."""
    words = _SYSTEM.get(error.errno or 0)
    said = words if words and lang == "zh" else error.strerror or str(error)
    return f"{error.filename or ''}: {said}".lstrip(": ")


def _in_chinese(line: str) -> str:
    for pattern, words in _CRAWLS:
        if told := pattern.fullmatch(line):
            parts = told.groupdict()
            if why := parts.get("why"):
                parts["why"] = trouble(why.removeprefix("fails (").removesuffix(")"), "zh")
            return printable(words.format(**parts))
    return printable(line)
