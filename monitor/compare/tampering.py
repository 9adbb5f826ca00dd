"""Whether a page was hijacked between two versions, by what search engines and nobody else are shown.

Evidence is weighed and summed; ``TAMPERED`` and more is a hijack. What an owner does honestly stays below: a new friend
link, a lottery bureau's notice, a police story on 网络赌博, a counter service, a jump to the WeChat copy.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.extraction.spamwords import matching_form, spam_words
from storage.records import Article, Link, Surface

TAMPERED = 0.6
"""The sum of evidence from which a page counts as tampered with."""

_LINK_BLOCK, _BLOCK = 3, 0.6
_LONE_HIDDEN = 0.2
_FOREIGN_TITLE, _FOREIGN_SCRIPT, _ENTITIES = 0.4, 0.4, 0.3
_REDIRECT = 0.6
_TAKEN_OVER, _SPAM_TEXT, _SPAM_KINDS = 0.8, 1.2, 3
_SHARE_OF_SPAM = 0.05
_OVERLAP = 0.15
_SHOWN = 20

_HONEST_HOSTS = tuple(
    name
    for names in (
        ("gov.cn", "edu.cn", "mil.cn", "ac.cn", "12371.cn", "12377.cn", "conac.cn"),
        ("people.com.cn", "people.cn", "xinhuanet.com", "news.cn", "cctv.com"),
        (
            "qq.com",
            "weibo.com",
            "douyin.com",
            "toutiao.com",
            "baidu.com",
            "cnzz.com",
            "51.la",
            "umeng.com",
            "bshare.cn",
        ),
    )
    for name in names
)
"""Where honest pages point: government and schools, the central press, share buttons and counter services."""

_TOLD = ("title", "keywords", "description")
_KANA = re.compile("[\u3041-\u30fa]")
_WARNING = re.compile("警方|公安|民警|涉案|抓获|打击|切勿|违法|犯罪|诈骗|防范|整治|举报")
_ENTITY = re.compile(r"&#x?[0-9a-fA-F]{2,6};")


@dataclass(frozen=True, slots=True)
class _Sign:
    """One piece of evidence: what it is called, how much it weighs, and what was seen."""

    name: str
    weight: float
    seen: object


def tampering(old: Article | None, new: Article, hosts: Collection[str] = frozenset()) -> dict[str, object] | None:
    """The evidence that ``new`` was hijacked since ``old``, or ``None``.

    ``old`` is the last clean version, ``None`` at first sight: then nothing can be new, and spam words alone count.
    ``hosts`` are the hosts known on the site, its own among them. The evidence names what was newly seen, each key only
    where it applies: ``spam_words`` ({"title"|"keywords"|"description"|"links"|"body": [words]}), ``title`` ({"before",
    "after"}), ``hidden_links`` ([{"url", "title"}], at most 20) with ``hidden_count``, ``redirects`` ([address]),
    ``entity_coded`` (true) and ``score`` (the sum, at most 1).
    """
    signs = [*_spoken(old, new), *_titled(old, new), *_hidden(old, new, hosts), *_sent_away(old, new, hosts)]
    score = sum(sign.weight for sign in signs)
    if score < TAMPERED:
        return None
    evidence: dict[str, object] = {sign.name: sign.seen for sign in signs if sign.name != "spam_words"}
    words = {place: seen for sign in signs if sign.name == "spam_words" for place, seen in _places(sign).items()}
    if words:
        evidence["spam_words"] = words
    hidden = evidence.get("hidden_links")
    if isinstance(hidden, list):
        evidence["hidden_count"] = len(hidden)
        evidence["hidden_links"] = hidden[:_SHOWN]
    return evidence | {"score": round(min(score, 1.0), 2)}


def clean_again(last_clean: Article | None, new: Article, hosts: Collection[str] = frozenset()) -> bool:
    """Whether a page that was tampered with shows nothing of it any more, measured against its last clean version."""
    return tampering(last_clean, new, hosts) is None


def note_of(evidence: Mapping[str, object]) -> str:
    """One Chinese line for the reader: what gave the hijack away."""
    words = evidence.get("spam_words")
    said = list(dict.fromkeys(w for seen in words.values() for w in seen)) if isinstance(words, dict) else []
    parts = [
        f"出现垃圾词：{'、'.join(said[:5])}" if said else "",
        "网页标题与正文无关" if "title" in evidence else "",
        f"新增隐藏链接{evidence['hidden_count']}条" if "hidden_count" in evidence else "",
        "脚本跳转到外站" if "redirects" in evidence else "",
    ]
    return "；".join(part for part in parts if part)


def _places(sign: _Sign) -> Mapping[str, list[str]]:
    return sign.seen if isinstance(sign.seen, dict) else {}


def _own_words(old: Article | None, new: Article) -> str:
    """What the page says for itself, in matching form: its text, and the headline it had while it was clean."""
    said = [
        *new.canonical,
        *(old.canonical if old else ()),
        (old.title if old else new.title) or "",
        new.site_name or "",
    ]
    if old is None and new.title and new.title in new.surface.title:
        # A headline that was read from <title> cannot vouch for it.
        said.remove(new.title)
    return matching_form(" ".join(said))


def _spoken(old: Article | None, new: Article) -> Iterable[_Sign]:
    """Spam words that search engines are newly shown and the page does not say for itself; a text that is all spam."""
    before = old.surface if old else Surface()
    taken_over = _taken_over(old, new)
    places = {name: _new_words(getattr(before, name), getattr(new.surface, name)) for name in _TOLD}
    if not taken_over:
        places = _not_own(places, old, new)
    found = {word: weight for words in places.values() for word, weight in words.items()}
    if found:
        yield _Sign("spam_words", sum(found.values()), {name: list(words) for name, words in places.items() if words})
    if taken_over:
        yield _Sign("spam_words", _TAKEN_OVER, {"body": taken_over})
    if _is_coded(new.surface) and not _is_coded(before):
        yield _Sign("entity_coded", _ENTITIES, True)


def _is_coded(surface: Surface) -> bool:
    return any(_ENTITY.search(getattr(surface, name)) for name in _TOLD)


def _new_words(before: str, after: str) -> dict[str, float]:
    words = {} if after == before else spam_words(after)
    known = matching_form(before) if words else ""
    return {word: weight for word, weight in words.items() if word not in known}


def _not_own(
    places: Mapping[str, Mapping[str, float]], old: Article | None, new: Article
) -> dict[str, dict[str, float]]:
    """Words by place without those that the page says for itself."""
    own = _own_words(old, new) if any(places.values()) else ""
    return {name: {word: w for word, w in words.items() if word not in own} for name, words in places.items()}


def _taken_over(old: Article | None, new: Article) -> list[str]:
    """The spam words of a text that was wholly replaced by spam; empty for a story that speaks of such things."""
    if old is None or set(old.canonical).intersection(new.canonical):
        return []
    text = matching_form("".join(new.canonical))
    found = spam_words(text)
    if len(found) < _SPAM_KINDS or _WARNING.search(text) or _overlap(text, "".join(old.canonical)) >= _OVERLAP:
        return []
    own = _own_words(None, old)
    words = {word: weight for word, weight in found.items() if word not in own}
    share = sum(len(word) * text.count(word) for word in words) / max(1, len(text))
    is_spam = len(words) >= _SPAM_KINDS and sum(words.values()) >= _SPAM_TEXT and share >= _SHARE_OF_SPAM
    return list(words) if is_spam else []


def _titled(old: Article | None, new: Article) -> Iterable[_Sign]:
    """A ``<title>`` that became foreign to the page: no word shared with headline, text, site or the title before."""
    if old is None or new.surface.title == old.surface.title or len(matching_form(new.surface.title)) < 4:
        return
    page = (old.title, old.surface.title, old.site_name, old.column, new.site_name, new.column, *new.canonical)
    if _overlap(new.surface.title, " ".join(part for part in page if part)) >= _OVERLAP:
        return
    seen = {"before": old.surface.title, "after": new.surface.title}
    kana = _KANA.search(new.surface.title) and not _KANA.search("".join(new.canonical) + old.surface.title)
    yield _Sign("title", _FOREIGN_TITLE + (_FOREIGN_SCRIPT if kana else 0.0), seen)


def _overlap(text: str, others: str) -> float:
    """The share of the character pairs of ``text`` that ``others`` has too."""
    pairs, known = _pairs(matching_form(text)), _pairs(matching_form(others))
    return len(pairs & known) / len(pairs) if pairs else 1.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _hidden(old: Article | None, new: Article, hosts: Collection[str]) -> Iterable[_Sign]:
    """Links no reader sees that lead to hosts the site never linked to."""
    known = {*hosts, *(old.surface.outside if old else ())}
    before = {link.url for link in old.surface.hidden} if old else set()
    strange = [link for link in new.surface.hidden if link.url not in before and not _is_known(link.url, known)]
    words = _not_own({"links": _new_words("", " ".join(link.title for link in strange))}, old, new)["links"]
    if words:
        yield _Sign("spam_words", sum(words.values()), {"links": list(words)})
    if not strange or (old is None and not words):
        return
    weight = _BLOCK if len(strange) >= _LINK_BLOCK else _LONE_HIDDEN
    yield _Sign("hidden_links", weight if old else 0.0, [_link(link) for link in strange])


def _link(link: Link) -> dict[str, str]:
    return {"url": link.url, "title": link.title}


def _sent_away(old: Article | None, new: Article, hosts: Collection[str]) -> Iterable[_Sign]:
    """Scripts and refreshes that send a visitor to a host the site never linked to."""
    if old is None:
        return
    known = {*hosts, *old.surface.outside, *map(_host, old.surface.redirects)}
    strange = [address for address in new.surface.redirects if not _is_known(address, known)]
    if strange:
        yield _Sign("redirects", _REDIRECT, strange)


def _host(address: str) -> str:
    try:
        return (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()
    except ValueError:
        return address


def _is_known(address: str, known: Collection[str]) -> bool:
    host = _host(address)
    return not host or any(host == name or host.endswith(f".{name}") for name in (*known, *_HONEST_HOSTS) if name)
