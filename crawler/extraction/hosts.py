"""Whose an address is, by its host alone: the name a site is registered under, where honest pages point, and names that
are bought to be lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

_CHEAP = frozenset(
    [
        "xyz",
        "top",
        "vip",
        "icu",
        "club",
        "win",
        "bet",
        "loan",
        "wang",
        "ltd",
        "work",
        "shop",
        "site",
        "online",
        "fun",
        "tk",
        "ml",
        "ga",
        "cf",
        "gq",
        "pw",
        "buzz",
        "cyou",
        "bid",
        "men",
        "cc",
        "ws",
        "la",
        "casino",
        "poker",
        "lol",
        "sbs",
        "cfd",
        "monster",
        "rest",
    ]
)
"""Endings that cost next to nothing; the spam reports of every registry are led by them."""
_DEEP = frozenset(["gov", "com", "edu", "org", "net", "ac", "mil"])
_TURNS = re.compile(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)")
_NAMED_BY_NUMBER = re.compile(r"\d{2,6}[a-z]*|[a-z]+(?:\d{1,2}|123|114|100|163|126|360|365|168)")
"""Names that begin or end in a number people know: 163, 51job, 21cn, 12371, hao123."""
_HYPHENED = re.compile(r"-[a-z]+\d+$|^[a-z]+\d+-")
"""A hyphen and a word that ends in a number: no brand is spelled so."""
_FEW = 3

_HONEST = frozenset((
    "gov.cn", "edu.cn", "mil.cn", "ac.cn", "12371.cn", "12377.cn", "conac.cn", "people.com.cn", "people.cn",
    "xinhuanet.com", "news.cn", "cctv.com", "chinanews.com", "gmw.cn", "china.com.cn", "youth.cn", "ce.cn", "cnr.cn",
    "qstheory.cn", "81.cn", "chinadaily.com.cn", "sina.com.cn", "sohu.com", "163.com", "ifeng.com", "qq.com",
    "weibo.com", "weibo.cn", "douyin.com", "toutiao.com", "kuaishou.com", "bilibili.com", "youku.com", "iqiyi.com",
    "zhihu.com", "xiaohongshu.com", "ximalaya.com", "douban.com", "renren.com", "kaixin001.com", "alipay.com",
    "facebook.com", "twitter.com", "x.com", "linkedin.com", "youtube.com", "instagram.com", "apple.com",
    "huawei.com", "baidu.com", "bdstatic.com", "cnzz.com", "51.la", "umeng.com", "bshare.cn", "jiathis.com",
    "webterren.com", "gridsumdissector.com", "tanx.com", "alicdn.com", "sinajs.cn", "wrating.com", "irs01.com",
    "knet.cn", "kaipuyun.cn", "govwza.cn", "yunshipei.com", "google-analytics.com", "googletagmanager.com",
))  # fmt: skip
"""Where honest pages point: government and schools, the central press, portals, share buttons, stores of apps, counters
and what helps who cannot see. The last two or three labels of a host are looked up.
"""


@lru_cache(maxsize=4096)
def host_of(address: str) -> str:
    """The host of an address, lower case; empty where it has none or none that can be read."""
    try:
        return (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def registered(host: str) -> str:
    """The name a site is registered under: three labels below ``.gov.cn`` and its like, two elsewhere.

    An address of numbers is its own name.
    """
    labels = host.split(".")
    if labels[-1].isdigit():
        return host
    deep = len(labels) > 2 and labels[-1] == "cn" and labels[-2] in _DEEP
    return ".".join(labels[-3:] if deep else labels[-2:])


@lru_cache(maxsize=4096)
def is_throwaway(host: str) -> bool:
    """Whether a name looks bought by the hundred: a cheap ending, or letters and figures mixed as no brand mixes them.

    A weak sign by itself: honest start-ups buy cheap endings as well.
    """
    name = registered(host)
    label, _, rest = name.partition(".")
    if not rest or label.isdigit() or name[-1].isdigit():
        return False
    if rest.rsplit(".", 1)[-1] in _CHEAP:
        return True
    if rest.startswith("gov.") or _NAMED_BY_NUMBER.fullmatch(label):
        return False
    if _HYPHENED.search(label):
        return True
    digits = sum(char.isdigit() for char in label)
    return digits >= _FEW or (digits > 0 and len(_TURNS.findall(label)) > 1)


@lru_cache(maxsize=4096)
def is_honest(host: str) -> bool:
    """Whether every honest page may point to a host."""
    labels = host.split(".")
    return any(".".join(labels[-deep:]) in _HONEST for deep in (2, 3))


def is_known(address: str, known: Collection[str]) -> bool:
    """Whether an address belongs to a registered name that the site knows, or to where every honest page points."""
    host = host_of(address)
    if not host or is_honest(host):
        return True
    own = registered(host)
    return any(own == registered(name) for name in known if name)
