"""What goes wrong with pages: withdrawals, firewalls, overload, hijacks."""

from __future__ import annotations

from dataclasses import dataclass

from storage.demo.furniture import Moving
from storage.demo.skins import skin
from storage.demo.truth import Condition

_SPAM = (
    "时时彩平台",
    "娱乐城注册送钱",
    "棋牌游戏大厅",
    "彩票开奖直播",
    "百家乐技巧",
    "老虎机在线玩",
    "六合彩资料",
    "真人娱乐场",
)
_SPAM_HOSTS = ("vip8.caipiao.example", "m.qipai77.example", "yule9.example")


@dataclass(frozen=True, slots=True)
class Hijack:
    """What an intruder writes into a page's frame; HTML, ready to print."""

    title: str
    keywords: str
    description: str
    head: str
    tail: str


def _coded(text: str) -> str:
    return "".join(f"&#x{ord(character):X};" for character in text)


def _said(text: str) -> str:
    return text


def hijack(condition: Condition) -> Hijack:
    """The spam of a hijacked page: plain, or written as character references and with a script that redirects."""
    coded = condition is Condition.HIJACKED_CODED
    write = _coded if coded else _said
    spam = skin("common")["spam"]
    links = "".join(
        spam.substitute(href=f"http://{_SPAM_HOSTS[place % 3]}/{place}.html", text=write(words))
        for place, words in enumerate(_SPAM)
    )
    script = skin("common")["spamscript"].substitute(href=f"http://{_SPAM_HOSTS[0]}/")
    return Hijack(
        title=write(f"{_SPAM[0]}-{_SPAM[1]}|{_SPAM[3]}官网"),
        keywords=write(",".join(_SPAM[:5])),
        description=write(f"{_SPAM[1]}，{_SPAM[2]}，{_SPAM[5]}，24小时在线提款，信誉第一。"),
        head=script if coded else "",
        tail=skin("common")["offscreen"].substitute(links=links),
    )


@dataclass(frozen=True, slots=True)
class Trouble:
    """An answer that is no article: status, text, the encoding it is sent in, and where a redirect leads."""

    status: int
    text: str
    encoding: str
    location: str | None = None


def trouble(condition: Condition, missing: str, encoding: str, moving: Moving) -> Trouble:
    """How a page in a condition answers; ``missing`` is the text of the site's own page for what it does not have."""
    common = skin("common")
    number = f"{moving.dice.getrandbits(64):016x}"
    match condition:
        case Condition.GONE:
            return Trouble(410, common["gone"].substitute(), "utf-8")
        case Condition.SOFT_GONE:
            return Trouble(200, missing, encoding)
        case Condition.SOFT_GONE_GBK:
            return Trouble(200, common["soft_gbk"].substitute(), "gbk")
        case Condition.SENT_HOME:
            return Trouble(302, "", encoding, "/")
        case Condition.BLOCKED:
            return Trouble(403, common["blocked"].substitute(number=number, clock=moving.clock), "utf-8")
        case Condition.CHALLENGED:
            return Trouble(200, common["challenged"].substitute(number=number), "utf-8")
        case Condition.UNAVAILABLE:
            return Trouble(503, common["unavailable"].substitute(), "utf-8")
    return Trouble(404, missing, encoding)
