"""What hijackers do to a page, made up: two dozen ways to plant what search engines are to see (``bench/gangs.py``)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from bench.gangs import CHEAP, ENDS, SYLLABLES, Gang

_HANZI = re.compile("[\u4e00-\u9fff]")
_UNLISTED = ("traditional", "pinyin")
"""Spellings that not every word of the detector's list has."""
Style = Callable[[str, Gang], str]
"""A page's markup and who hijacks it → the hijacked markup."""


def _set_title(page: str, title: str) -> str:
    done, count = re.subn(r"(?is)(<title[^>]*>).*?(</title>)", lambda m: m[1] + title + m[2], page, count=1)
    return done if count else _into_head(page, f"<title>{title}</title>")


def _set_meta(page: str, name: str, content: str) -> str:
    known = re.compile(rf"(?is)<meta[^>]*name\s*=\s*[\"']?{name}\b[^>]*>")
    tag = f'<meta name="{name}" content="{content}">'
    return known.sub(lambda _: tag, page, count=1) if known.search(page) else _into_head(page, tag)


def _into_head(page: str, more: str) -> str:
    return _after(page, r"<head\b[^>]*>", more) or _after(page, r"<html\b[^>]*>", more) or more + page


def _top(page: str, more: str) -> str:
    return _after(page, r"<body\b[^>]*>", more) or more + page


def _foot(page: str, more: str) -> str:
    at = page.lower().rfind("</body")
    return page[:at] + more + page[at:] if at >= 0 else page + more


def _after(page: str, tag: str, more: str) -> str | None:
    found = re.search(tag, page, re.IGNORECASE)
    return page[: found.end()] + more + page[found.end() :] if found else None


def _somewhere(page: str, gang: Gang, more: str) -> str:
    return _top(page, more) if gang.dice.random() < 0.5 else _foot(page, more)


def labels(page: str, gang: Gang) -> str:
    page = _set_meta(_set_title(page, gang.title()), "keywords", gang.keywords())
    return _set_meta(page, "description", gang.description())


def title_only(page: str, gang: Gang) -> str:
    return _set_title(page, gang.title())


def metas_only(page: str, gang: Gang) -> str:
    return _set_meta(_set_meta(page, "keywords", gang.keywords()), "description", gang.description())


def coded(page: str, gang: Gang) -> str:
    def spelled(text: str) -> str:
        return "".join(gang.dice.choice((f"&#{ord(c)};", f"&#x{ord(c):x};")) for c in text)

    page = _set_title(page, spelled(gang.title()))
    return _set_meta(page, "description", spelled(gang.description()))


def off_screen(page: str, gang: Gang) -> str:
    style = gang.dice.choice(
        ("position:absolute;left:-{0}px", "position:fixed;top:-{0}px", "text-indent:-{0}px", "margin-left:-{0}px")
    ).format(gang.dice.randrange(900, 99999))
    return _somewhere(page, gang, f'<div style="{style}">{gang.links(gang.dice.randint(3, 12))}</div>')


def unshown(page: str, gang: Gang) -> str:
    name = f"k{gang.dice.randrange(999)}"
    block = gang.links(gang.dice.randint(3, 12))
    hidden = gang.dice.choice(
        (
            f'<div style="display:none">{block}</div>',
            f"<style>.{name}{{display:none}}</style><div class='{name}'>{block}</div>",
            f'<ul style="visibility:hidden"><li>{block}</li></ul>',
        )
    )
    return _somewhere(page, gang, hidden)


def no_size(page: str, gang: Gang) -> str:
    block = gang.links(gang.dice.randint(3, 12))
    hidden = gang.dice.choice(
        (
            f'<marquee height="1" width="1" scrollamount="9999">{block}</marquee>',
            f'<div style="width:0;height:0;overflow:hidden">{block}</div>',
            f'<span style="font-size:0">{block}</span>',
            f'<div style="height:1px;overflow:hidden">{block}</div>',
        )
    )
    return _somewhere(page, gang, hidden)


def own_colour(page: str, gang: Gang) -> str:
    block = gang.links(gang.dice.randint(3, 12))
    hidden = gang.dice.choice(
        (
            f'<div style="color:#fff;background:#ffffff">{block}</div>',
            f'<p style="background-color:white;color:#FFFFFF;font-size:9px">{block}</p>',
            f'<table bgcolor="#ffffff"><tr><td><font color="#FFFFFF">{block}</font></td></tr></table>',
        )
    )
    return _somewhere(page, gang, hidden)


def by_referrer(page: str, gang: Gang) -> str:
    engines = gang.dice.sample(("baidu", "sogou", "so.com", "sm.cn", "google", "bing"), 3)
    what = gang.dice.choice(("document.referrer", "navigator.userAgent.toLowerCase()"))
    test = "||".join(f'r.indexOf("{name}")>0' for name in engines)
    leap = gang.dice.choice(('window.location.href="{0}"', 'top.location.replace("{0}")', 'location="{0}"')).format(
        gang.address()
    )
    return _somewhere(page, gang, f"<script>var r={what};if({test}){{{leap};}}</script>")


def disguised_leap(page: str, gang: Gang) -> str:
    leap = f'window.location.href="{gang.address()}";'
    codes = ",".join(str(ord(c)) for c in leap)
    percent = "".join(f"%{ord(c):02x}" for c in leap)
    escaped = "".join(f"\\x{ord(c):02x}" for c in leap)
    based = base64.b64encode(leap.encode()).decode()
    way = gang.dice.choice(
        (
            f"eval(String.fromCharCode({codes}))",
            f'eval(unescape("{percent}"))',
            f'eval("{escaped}")',
            f'eval(atob("{based}"))',
            f"new Function(decodeURIComponent('{quote(leap, safe='')}'))()",
        )
    )
    return _somewhere(page, gang, f"<script>{way}</script>")


def foreign_script(page: str, gang: Gang) -> str:
    tag = f"<script src='{gang.address()}tj.js'></script>"
    quoted = tag.replace("</", "<\\/")
    codes = ",".join(str(ord(c)) for c in tag)
    escaped = "".join(f"\\x{ord(c):02x}" for c in tag)
    way = gang.dice.choice(
        (
            f"document.write(String.fromCharCode({codes}))",
            f'window["document"]["write"]("{escaped}")',
            f'if(/baidu|sogou|360spider/i.test(document.referrer)){{document.writeln("{quoted}")}}',
        )
    )
    return _into_head(page, f"<script>{way}</script>")


def refresh(page: str, gang: Gang) -> str:
    return _into_head(page, f'<meta http-equiv="refresh" content="{gang.dice.randint(0, 5)};url={gang.address()}">')


def covering_frame(page: str, gang: Gang) -> str:
    style = gang.dice.choice(
        ("position:fixed;top:0;left:0;width:100%;height:100%", "position:absolute;width:100vw;height:100vh;top:0")
    )
    frame = f'<iframe src="{gang.address()}" style="{style};z-index:99999;border:0" frameborder="0"></iframe>'
    return _top(page, frame)


def noscript(page: str, gang: Gang) -> str:
    return _somewhere(page, gang, f"<noscript>{gang.links(gang.dice.randint(3, 9))}</noscript>")


def alt_words(page: str, gang: Gang) -> str:
    words = ",".join(word + gang.dice.choice(ENDS) for word in gang.words(8))
    return _somewhere(
        page, gang, f'<img src="/images/{gang.dice.randrange(999)}.jpg" alt="{words}" width="10" height="10">'
    )


def comment(page: str, gang: Gang) -> str:
    return _somewhere(page, gang, f"<!-- {gang.links(gang.dice.randint(3, 9))} -->")


def shown_block(page: str, gang: Gang) -> str:
    links = " ".join(f'<a href="http://{_cheap(gang)}/">{gang.phrase()}</a>' for _ in range(gang.dice.randint(5, 15)))
    return _foot(page, f'<div class="flink">{links}</div>')


def _cheap(gang: Gang) -> str:
    return f"www.{gang.dice.choice(SYLLABLES)}{gang.dice.randrange(1000, 9999)}.{gang.dice.choice(CHEAP)}"


def sunk_words(page: str, gang: Gang) -> str:
    """Words with one link, put where nobody sees them in any of the ways that there are."""
    name = f"n{gang.dice.randrange(999)}"
    style = gang.dice.choice(
        (
            *("text-indent:-9999px", "position:absolute;left:-9999px", "font-size:0", "opacity:0", "display:none"),
            *("position:absolute;clip:rect(0,0,0,0)", "height:0;overflow:hidden", "position:absolute;z-index:-99"),
            *("color:#eee;background:#EEEEEE", "width:1px;height:1px;overflow:hidden"),
        )
    )
    box = gang.dice.choice(
        (
            f'<div style="{style}">',
            f"<style>.{name} {{ {style} }}</style><div class='x {name}'>",
            "<div hidden>",
            '<div style="background:#FAFAFA"><div style="color:#fafafa">',
        )
    )
    words = gang.dice.choice((" ", "、", "|")).join(gang.words(4)) + f"官网,{gang.words(1)[0]}出售"
    link = f'<a href="{gang.address()}">{gang.phrase()}</a>'
    return _somewhere(
        page, gang, f"{box}{words} 加微信{gang.dice.randrange(10**8, 10**9)} {link}" + box.count("<div") * "</div>"
    )


def unseen_frame(page: str, gang: Gang) -> str:
    name, address = f"f{gang.dice.randrange(999)}", gang.address()
    frame = gang.dice.choice(
        (
            f'<iframe src="{address}" width=0 height=0></iframe>',
            f'<iframe src="{address}" width="1" height="1" frameborder="0"></iframe>',
            f'<iframe src="{address}" style="display:none"></iframe>',
            f"<iframe style='position:absolute;left:-2000px' src='{address}' width='300' height='200'></iframe>",
            f'<iframe style="width:0px;height:0px;border:0" src={address}></iframe>',
            f'<div style="display:none"><iframe src="{address}"></iframe></div>',
            f"<style>.{name}{{visibility:hidden}}</style><iframe class='{name}' src='{address}'></iframe>",
        )
    )
    return _somewhere(page, gang, frame)


def lone_script(page: str, gang: Gang) -> str:
    """A foreign script and nothing else: by a name bought to be lost, before the document, or spelled in codes."""
    path = gang.dice.choice(("tj.js", "js/count.js", "a/go.js", "x.js?v=1"))
    lost = f"<script src='http://{_cheap(gang)}/{path}'></script>"
    address = f"http://{gang.host()}/{path}"
    coded = "".join(f"&#{ord(character)};" for character in address)
    way = gang.dice.randrange(4)
    if way == 0 and "<html" in page.lower():
        return f'<script src="{address}"></script>\n{page}'
    if way == 1:
        return _foot(page, f'<script type="text/javascript" src="{coded}"></script>')
    return _into_head(page, lost) if way == 2 else page + lost


def landing(page: str, gang: Gang) -> str:
    title, cells = gang.title(), "".join(f"<li><a href='{gang.address()}'>{gang.phrase()}</a></li>" for _ in range(12))
    said = "".join(f"<p>{gang.description()}</p>" for _ in range(4))
    metas = (
        f'<meta name="keywords" content="{gang.keywords()}"><meta name="description" content="{gang.description()}">'
    )
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title>{metas}</head><body><h1>{title.split("-")[0]}</h1>'
        f"<ul>{cells}</ul>{said}<a href='{gang.address()}'>{gang.phrase()}</a></body></html>"
    )


def defaced(page: str, gang: Gang) -> str:
    who = "".join(gang.dice.choice("abcdefgxyz01_") for _ in range(7))
    said = gang.dice.choice(
        (
            f"Hacked by {who}",
            f"H4cked by {who}",
            f"本站已被黑 by {who}",
            f"Defaced By {who} Team",
            f"你的网站被{who}黑了,黑客{who}到此一游",
        )
    )
    music = f"<audio src='{gang.address()}1.mp3' autoplay></audio>"
    head = f'<html><head><meta charset="utf-8"><title>{said}</title></head>'
    return (
        f'{head}<body bgcolor="black"><center><h1>{said}</h1>{music}<p>security is an illusion</p>'
        "</center></body></html>"
    )


def in_the_text(page: str, gang: Gang) -> str:
    """Two paragraphs of spam between two paragraphs of the text."""

    def said() -> str:
        return f'<p>{gang.description()}<a href="{gang.address()}">{gang.phrase()}</a></p>'

    at = gang.dice.choice(_between(page))
    return page[:at] + said() + said() + page[at:]


def one_link(page: str, gang: Gang) -> str:
    """One link that everybody sees, after a sentence of the text: well-known words, or a name bought to be lost."""
    end = gang.dice.choice(("官网", "开户", "试玩", "返水", "出售"))
    words = f"{gang.words(1)[0]}{end}"
    address = f"http://{_cheap(gang)}/" if gang.held_out or gang.spelling in _UNLISTED else gang.address()
    where = f'<a href="{address}">{words}</a>'
    lower = page.lower()
    # The longest paragraph is the story's; others may stand in furniture that is no text.
    at = lower.rfind("</p", 0, max(_between(page), key=lambda end: end - lower.rfind("<p", 0, end)))
    return page[:at] + where + page[at:]


def on_words(page: str, gang: Gang) -> str:
    """Links on two to four words of the sentences of the text."""
    spans = _words_in_text(page)
    for found in reversed(spans[:: len(spans) // 4][: gang.dice.randint(2, 4)]):
        page = f'{page[: found.start()]}<a href="{gang.address()}">{found[0]}</a>{page[found.end() :]}'
    return page


def _between(page: str) -> list[int]:
    """Where one long paragraph ends and another begins."""
    ends = re.finditer(r"(?is)<p\b[^>]*>[^<]{40,2000}</p>\s*(?=<p\b[^>]*>[^<]{40,2000}</p>)", page)
    return [found.end() for found in ends if len(_HANZI.findall(found[0])) > 40]


def _words_in_text(page: str) -> list[re.Match[str]]:
    """Words inside the sentences of long paragraphs."""
    sentence = r"(?<=[\u4e00-\u9fff]{4})[\u4e00-\u9fff]{2,4}(?=[\u4e00-\u9fff]{8,}[^<]{0,400}</p>)"
    return list(re.finditer(sentence, page, re.IGNORECASE))


def has_text(page: str) -> bool:
    """Whether a page has paragraphs of text that something can be put into."""
    return len(_between(page)) > 1 and len(_words_in_text(page)) >= 4


STYLES: Mapping[str, Style] = {
    name.__name__: name
    for name in (
        labels, title_only, metas_only, coded, off_screen, unshown, no_size, own_colour, by_referrer, disguised_leap,
        foreign_script, refresh, covering_frame, noscript, alt_words, comment, shown_block, sunk_words,
        unseen_frame, lone_script, landing, defaced, in_the_text, one_link, on_words,
    )
}  # fmt: skip
IN_TEXT = ("in_the_text", "one_link", "on_words")
