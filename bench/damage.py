"""What may come over the wire in place of a page: honest pages damaged, and bodies built to be slow to read.

Each kind is a function of a dice and an honest page; the same seed gives the same body.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from functools import partial
from random import Random

Damage = Callable[[Random, bytes], bytes]

LONG = 2_900_000
"""Bytes of a body that is just not refused for its length."""


def _truncated(dice: Random, page: bytes) -> bytes:
    return page[: dice.randrange(len(page) + 1)]


def _beheaded(dice: Random, page: bytes) -> bytes:
    return page[dice.randrange(len(page) + 1) :]


def _flipped(dice: Random, page: bytes) -> bytes:
    body = bytearray(page)
    for _ in range(dice.choice((1, 10, 100, 1000))):
        if body:
            body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    return bytes(body)


def _dropped(dice: Random, page: bytes) -> bytes:
    """Single bytes lost, as by a bad copy: what follows each is out of step in a two-byte charset."""
    body = bytearray(page)
    for _ in range(dice.choice((1, 10, 100))):
        if body:
            del body[dice.randrange(len(body))]
    return bytes(body)


def _shuffled(dice: Random, page: bytes) -> bytes:
    """The page cut at its tags and put together in another order."""
    pieces = page.split(b"<")
    dice.shuffle(pieces)
    return b"<".join(pieces)


def _repeated(dice: Random, page: bytes) -> bytes:
    """One piece of the page over and over."""
    start = dice.randrange(len(page) + 1)
    piece = page[start : start + dice.choice((8, 64, 512, 4096))] or b"<p>"
    return page[:start] + piece * (dice.choice((20_000, 200_000)) // len(piece)) + page[start:]


def _spliced(dice: Random, page: bytes) -> bytes:
    half = page[: dice.randrange(len(page) + 1)]
    return half + page


def _wrong_charset(dice: Random, page: bytes) -> bytes:
    text = page.decode("utf-8", "replace")
    charset = dice.choice(
        ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "big5", "gb18030", "latin-1", "euc-jp")
    )
    return text.encode(charset, "replace")


def _misread(dice: Random, page: bytes) -> bytes:
    """Read in one charset and written in another, as copies of copies are."""
    return page.decode(dice.choice(("gb18030", "big5", "latin-1")), "replace").encode("utf-8")


def _binary(dice: Random, page: bytes) -> bytes:
    head = dice.choice(
        (b"%PDF-1.5\n", b"\xff\xd8\xff\xe0", b"\x1f\x8b\x08", b"PK\x03\x04", b"", b"<html>", b"\x00" * 9)
    )
    return head + dice.randbytes(dice.choice((0, 1, 100, 10_000, 500_000)))


def _packed(dice: Random, page: bytes) -> bytes:
    packed = gzip.compress(page, 1, mtime=0)
    return dice.choice((packed, packed[: len(packed) // 2], packed[12:], b"\n" + packed))


def _strange(dice: Random, page: bytes) -> bytes:
    """Characters no page should have: NULs, surrogates in bytes, marks, private-use and noncharacters."""
    strange = (
        b"\x00",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\xef\xbf\xbe",
        b"\xee\x80\x80",
        b"\xf4\x8f\xbf\xbf",
        b"&#0;",
        b"&#xD800;",
    )
    body = bytearray(page)
    for _ in range(dice.choice((1, 30, 3000))):
        place = dice.randrange(len(body) + 1)
        body[place:place] = dice.choice(strange)
    return bytes(body)


def _deep(dice: Random, page: bytes) -> bytes:
    tag = dice.choice(
        (b"div", b"span", b"font", b"table", b"ul", b"section", b"blockquote", b"a", b"b", b"form", b"td")
    )
    depth = dice.choice((300, 3000, 10_000))
    closing = dice.choice((b"", b"</%s>" % tag * depth))
    return page.replace(b"<body", b"<body><%s>" % (b"><".join([tag] * depth)) + b"<i", 1) + closing


def _huge(dice: Random, page: bytes) -> bytes:
    return (page * (20_000_000 // max(1, len(page)) + 1))[:20_000_000]


DAMAGES: Mapping[str, Damage] = {
    "truncated": _truncated,
    "beheaded": _beheaded,
    "bits flipped": _flipped,
    "bytes dropped": _dropped,
    "shuffled": _shuffled,
    "a piece repeated": _repeated,
    "spliced": _spliced,
    "wrong charset": _wrong_charset,
    "misread": _misread,
    "binary": _binary,
    "packed": _packed,
    "strange signs": _strange,
    "nested deep": _deep,
}
"""Kinds of damage to an honest page, all cheap to make."""

HUGE: Mapping[str, Damage] = {"20 MB": _huge}

_UNITS = (
    "<br>", "<p>", "<p>市</p>", "<div>", "<div></div>", "<span>", "<font>市</font>", "<table><tr><td>",
    "<td>1<td>2<tr>", "<li>", "<a href=/a/1.html>",
    "<a href=/2021/1/t20210101_1.html>市民走进公园赏花 2021-01-02</a>", "<a>", "<a href=x>下一页</a>",
    "<ul><li><a href=1>", "<h1>", "<title>", "<title>市</title>", "<meta name=a content=b>",
    "<meta name=pubdate content=2021-01-02>", "<link rel=stylesheet href=1>", "<style>.a{left:0}</style>",
    "<script>location", "<script>var a='</script>", "<!--", "<!--enpproperty <a>", "-->", "<![CDATA[",
    "<record><![CDATA[<a>]]>", "</html>", "<html>", "<body>", "</body>", "<base href=/>",
    "<p style='display:none'>", "<div style=width:0>", "<div class=foot>", "<div id=zoom>", "<marquee>", "<form>",
    "<select><option>", "<img src=a.png>", "<iframe src=a>", "<svg>", "<embed pdfsrc=a.pdf>", "<b><i>", "</p>",
    "</br>", "<", ">", "&", "&amp;", "&#x5E02;", "&amp;#x5E02;", "'", '"', "=", "</", "<a", "<a b=", "<!", "<?",
    "<?xml", "市", "學", "市(shi)", "時(shí)", "(shi)", "（", "(", "?", "？", "\ufffd", "?\u75c5\u90b3", "★", "市★",
    "★✿市", "0", "1年", "2021-01-02 ", "2021-", "二〇二一年", "２０２１", " ", "\u3000", "\u200b", "\u0301",
    "\ufb4f", "\u0130", ":", "。", "，", "·", "-", "_", "—", "|", ">>", "来源:", "来 源 ", "作 者 ", "责任编辑:",
    "编 辑 ", "记者", "通讯员 ", "记者 张三", "本报记者", "(记者", "特约", "首席记者", "点击:", "浏览次数",
    "打印关闭", "上一篇:", "相关新闻", "凡注明", "版权所有", "页面不存在", "抱歉", "访问被", "安全", "文〔2021〕",
    "号", "第", "索引号", "万元", "张三、", "张三 ", "A", "a-", "Aa.", "时间", "日期:", "发布", "今天是", "公元",
    "location=", "location.href='//", "document.write('", 'document.writeln("', "createPageHTML(",
    "createPageHTML(9,1,'", "window.", "enable ", "ICP备", "彩票", "display:", "left:-", "}.a{", ",.a", "{", "}",
    "[", "]", '{"a":', '[{"url":"/a",', "/a/", "//", "?a=", "../", "%e5", ";", "\\", "/*", "\n", "\t\n", "\r",
)  # fmt: skip
"""Pieces that, repeated, are the worst case of some loop or pattern."""

_PLACES = {
    "as the body": "<html><body>{}",
    "in a paragraph": (
        "<html><head><title>市民赏花</title></head>"
        "<body><h1>市民赏花</h1><p>2021-01-02 来源:市报</p><p>市{}</p></body></html>"
    ),
    "a line each": "<html><body><h1>市民走进公园赏花</h1><p>{}</p></body></html>",
    "in a title": "<html><head><title>市{}</title></head><body><p>市民走进公园赏花。</p></body></html>",
    "in a label": (
        "<html><head><meta name=description content=\"{}\"><meta name=contentsource content='{}'></head>"
        "<body><p>市</p></body></html>"
    ),
    "in a link": '<html><body><p>市</p><a title="{}" href="/a/{}">{}</a></body></html>',
    "in a name": '<html><body><div class="{}" id="{}" style="{}"><p>市民走进公园赏花。</p></div></body></html>',
    "in a script": "<html><head><style>{}</style><script>{}</script></head><body><p>市</p></body></html>",
    "bare": "{}",
}


def _bomb(place: str, dice: Random, page: bytes) -> bytes:
    """One piece, or two by turns, repeated in one place of a page until it is as long as a page may be."""
    unit = "".join(dice.sample(_UNITS, dice.choice((1, 1, 2))))
    if place == "a line each":
        unit += "<p>"
    frame = _PLACES[place]
    size = len(unit.encode("utf-8")) * frame.count("{}")
    length = dice.choice((LONG, LONG, 300_000))
    body = frame.replace("{}", unit * ((length - 400) // size)).encode("utf-8")
    return body if dice.random() < 0.8 else body.decode("utf-8").encode("gb18030")


BOMBS: Mapping[str, Damage] = {f"repeated {place}": partial(_bomb, place) for place in _PLACES}
"""Bodies built to be slow: whatever a loop or a pattern does badly, three million times."""
