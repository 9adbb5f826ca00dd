"""The single pieces of evidence for a hijack: what a page newly shows, against its own last clean state.

Each piece has a weight; ``monitor.compare.tampering`` sums them. A weight of 0.6 is a hijack by itself, and given
only to what no owner does: a frame over the whole page, a leap to a stranger, a block of links sunk off the screen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.extraction.hosts import host_of, is_known, is_throwaway
from crawler.extraction.spamwords import matching_form, spam_words
from crawler.extraction.stuffing import (
    STRUNG,
    STUFFED,
    is_loud,
    is_strung,
    is_stuffed,
    manner,
    names_a_body,
    repeats,
    warns,
)
from storage.records import Article, Link, Mark, Surface

_LINK_BLOCK, _BLOCK, _LIKELY_MENU, _LONE_HIDDEN, _SUNK = 3, 0.6, 0.3, 0.2, 0.3
_FOREIGN_TITLE, _FOREIGN_SCRIPT, _ENTITIES, _WORDED = 0.4, 0.4, 0.3, 0.25
_FOREIGN_LABEL, _WORDED_LABEL = 0.05, 0.6
_LOUD_TITLE = 0.9
_REDIRECT = 0.6
_WRITES, _THROWAWAY_WRITES = 0.35, 0.3
_TAKEN_OVER, _SPAM_TEXT, _SPAM_KINDS = 0.8, 1.2, 3
_SPAM_PARAGRAPH, _SHARE_OF_PARAGRAPH, _PLAIN = 0.6, 0.05, 0.4
"""``_PLAIN``: a lottery bureau says 彩票 and 开奖结果 in every notice; words below this make no paragraph spam."""
_SHARE_OF_SPAM = 0.05
_OVERLAP, _OVERLAP_OF_SPAM = 0.15, 0.4
"""What is worded as spam has 服务, 提供 and 为您 in common with any long text."""
_WOVEN = 0.3
_THROWAWAYS = (0.0, 0.15, 0.3)
_ALONE: Mapping[str, float] = {
    "covers": 0.7,
    "slips": 0.6,
    "loads": 0.6,
    "disguised": 0.3,
    "asks": 0.3,
    "coded": _ENTITIES,
    "defaced": 0.8,
}
_SOLD, _SOME, _LOUD_LINK, _LOST_LINK = 0.6, 0.2, 0.3, 0.3
_STRANGERS = ("writes", "covers", "slips", "loads", "sells", "sunk", "throwaway", "woven")
"""Marks that name a host, at their end."""
_UNREAD = ("alt", "comment", "noscript", "hidden", "shown")
_TOLD = ("title", "keywords", "description")
_KANA = re.compile("[\u3041-\u30fa]")
_ENTITY = re.compile(r"&#x?[0-9a-fA-F]{2,6};")


@dataclass(frozen=True, slots=True)
class Sign:
    """One piece of evidence: what it is called, how much it weighs, and what was seen."""

    name: str
    weight: float
    seen: object


def signs_of(old: Article | None, new: Article, hosts: Collection[str]) -> Iterator[Sign]:
    """All signs that ``new`` was hijacked since ``old``; see ``monitor.compare.tampering.tampering``."""
    yield from _spoken(old, new)
    yield from _hidden(old, new, hosts)
    if old is None:
        return
    yield from _titled(old, new)
    yield from _labelled(old, new)
    yield from _sent_away(old, new, hosts)
    yield from _marked(old, new, hosts)
    yield from _inserted(old, new, hosts)


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


def _spoken(old: Article | None, new: Article) -> Iterable[Sign]:
    """Spam words that search engines are newly shown and the page does not say for itself; a text that is all spam."""
    before = old.surface if old else Surface()
    taken_over = _taken_over(old, new)
    places = {name: _new_words(getattr(before, name), getattr(new.surface, name)) for name in _TOLD}
    if not taken_over:
        places = _not_own(places, old, new)
    found = {word: weight for words in places.values() for word, weight in words.items()}
    if found:
        yield Sign("spam_words", sum(found.values()), {name: list(words) for name, words in places.items() if words})
    if taken_over:
        yield Sign("spam_words", _TAKEN_OVER, {"body": taken_over})
    if _is_coded(new.surface) and not _is_coded(before):
        yield Sign("entity_coded", _ENTITIES, True)


def _is_coded(surface: Surface) -> bool:
    return any(_ENTITY.search(getattr(surface, name)) for name in _TOLD)


def _new_words(before: str, after: str) -> dict[str, float]:
    words = {} if after == before or warns(after) else spam_words(after)
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
    if len(found) < _SPAM_KINDS or warns(text) or overlap(text, "".join(old.canonical)) >= _OVERLAP:
        return []
    own = _own_words(None, old)
    words = {word: weight for word, weight in found.items() if word not in own}
    share = sum(len(word) * text.count(word) for word in words) / max(1, len(text))
    is_spam = len(words) >= _SPAM_KINDS and sum(words.values()) >= _SPAM_TEXT and share >= _SHARE_OF_SPAM
    return list(words) if is_spam else []


def _titled(old: Article, new: Article) -> Iterable[Sign]:
    """A ``<title>`` that became foreign to the page: no word shared with headline, text, site or the title before."""
    title = new.surface.title
    if title == old.surface.title or len(matching_form(title)) < 4 or not _is_foreign(title, old, new):
        return
    kana = _KANA.search(title) and not _KANA.search("".join(new.canonical) + old.surface.title)
    worded = manner(title) >= _LOUD_TITLE or is_strung(title) or repeats(title)
    weight = _FOREIGN_TITLE + (_FOREIGN_SCRIPT if kana else 0.0) + (_WORDED if worded else 0.0)
    yield Sign("title", weight, {"before": old.surface.title, "after": title})


def _labelled(old: Article, new: Article) -> Iterable[Sign]:
    """Keywords or a description that became foreign to the page, and are worded as spam is."""
    for name in ("keywords", "description"):
        before, after = getattr(old.surface, name), getattr(new.surface, name)
        if after == before or len(matching_form(after)) < 4 or warns(after) or not _is_foreign(after, old, new):
            continue
        weight = _WORDED_LABEL if manner(after) >= STUFFED else _FOREIGN_LABEL
        yield Sign(name, weight, {"before": before, "after": after})


def _is_foreign(text: str, old: Article, new: Article) -> bool:
    """Whether a text shares no words with what the page said while it was clean, nor with most of what it says now."""
    was, now = old.surface, new.canonical
    said = (old.title, was.title, was.keywords, was.description, old.site_name, old.column, new.site_name, new.column)
    own = (*said, *old.canonical, *now)
    most = _OVERLAP_OF_SPAM if manner(text) >= STUFFED else _OVERLAP
    return overlap(text, " ".join(part for part in own if part)) < most


def overlap(text: str, others: str) -> float:
    """The share of the character pairs of ``text`` that ``others`` has too."""
    pairs, known = _pairs(matching_form(text)), _pairs(matching_form(others))
    return len(pairs & known) / len(pairs) if pairs else 1.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _hidden(old: Article | None, new: Article, hosts: Collection[str]) -> Iterable[Sign]:
    """Links no reader sees that lead to hosts the site never linked to."""
    known = {*hosts, *(old.surface.outside if old else ())}
    before = {link.url for link in old.surface.hidden} if old else set()
    strange = [link for link in new.surface.hidden if link.url not in before and not is_known(link.url, known)]
    words = _not_own({"links": _new_words("", " ".join(link.title for link in strange))}, old, new)["links"]
    if words:
        yield Sign("spam_words", sum(words.values()), {"links": list(words)})
    if not strange or (old is None and not words):
        return
    yield Sign("hidden_links", _weight_of(strange, new) if old else 0.0, [_link(link) for link in strange])


def _weight_of(strange: list[Link], new: Article) -> float:
    """What hidden links to strangers weigh: a drop-down of partners or services little, what is sunk more."""
    sunk = {mark.seen for mark in new.surface.marks if mark.kind == "sunk"}
    more = _SUNK if any(host_of(link.url) in sunk for link in strange) else 0.0
    if len(strange) < _LINK_BLOCK:
        return _LONE_HIDDEN + more
    named = sum(names_a_body(link.title) for link in strange)
    lost = sum(is_throwaway(host_of(link.url)) for link in strange)
    return (_LIKELY_MENU if named > len(strange) / 2 and lost <= len(strange) / 2 else _BLOCK) + more


def _link(link: Link) -> dict[str, str]:
    return {"url": link.url, "title": link.title}


def _sent_away(old: Article, new: Article, hosts: Collection[str]) -> Iterable[Sign]:
    """Scripts and refreshes that send a visitor to a host the site never linked to."""
    known = {*hosts, *old.surface.outside, *map(host_of, old.surface.redirects)}
    strange = [address for address in new.surface.redirects if not is_known(address, known)]
    if strange:
        yield Sign("redirects", _REDIRECT, strange)


def _marked(old: Article, new: Article, hosts: Collection[str]) -> Iterable[Sign]:
    """What else looks planted and was not there before."""
    known = {*hosts, *hosts_of(old.surface)}
    fresh: dict[str, list[str]] = {}
    for mark in new.surface.marks:
        if mark not in old.surface.marks and not _is_honest(mark, known):
            fresh.setdefault(mark.kind, []).append(mark.seen)
    for kind, seen in fresh.items():
        weight = _weight_of_marks(kind, seen, old, new)
        if weight:
            yield Sign(kind, weight, seen)


def _is_honest(mark: Mark, known: Collection[str]) -> bool:
    """Whether what a mark names leads where the site or every honest page leads."""
    if mark.kind in _STRANGERS:
        return is_known(mark.seen.rpartition(" ")[2], known)
    return False


def _weight_of_marks(kind: str, seen: list[str], old: Article, new: Article) -> float:
    if kind == "writes":
        return _WRITES + (_THROWAWAY_WRITES if any(map(is_throwaway, seen)) else 0.0)
    if kind == "woven":
        lost = any(is_throwaway(each.rpartition(" ")[2]) for each in seen)
        return min(len(seen), 2) * _WOVEN + (_WOVEN if lost else 0.0)
    if kind == "throwaway":
        return _THROWAWAYS[len(seen)] if len(seen) < len(_THROWAWAYS) else _BLOCK
    if kind == "sells":
        return max(_weight_of_offer(each, old, new) for each in seen)
    if kind in _UNREAD:
        return _BLOCK if any(_is_foreign(words, old, new) for words in seen) else 0.0
    return _ALONE.get(kind, 0.0)


def hosts_of(surface: Surface) -> tuple[str, ...]:
    """The outside hosts that a page links to, and those whose scripts and unseen frames it has."""
    brought = {mark.seen for mark in surface.marks if mark.kind in ("writes", "slips", "loads")}
    return (*surface.outside, *sorted(brought.difference(surface.outside)))


def _weight_of_offer(seen: str, old: Article, new: Article) -> float:
    """What a link that everybody sees weighs, by its words and host; nothing where the page had spoken of it before.

    A link that is hidden as well is weighed as such. One without a spam word counts in the story alone: beside it stand
    advertisements, with 包邮 and hosts of any name.
    """
    words, _, host = seen.rpartition(" ")
    own = _own_words(None, old)
    sold = sum(weight for word, weight in spam_words(words).items() if word not in own)
    hidden = any(host_of(link.url) == host for link in new.surface.hidden)
    if hidden or (not sold and (overlap(words, own) >= _OVERLAP_OF_SPAM or not _is_in_story(words, new))):
        return 0.0
    if is_loud(words):
        sold = _SOLD if sold >= _SOME else _LOUD_LINK
    return min(sold, _SOLD) + (_LOST_LINK if is_throwaway(host) else 0.0)


def _is_in_story(words: str, new: Article) -> bool:
    return matching_form(words) in matching_form("".join(new.canonical))


def _inserted(old: Article, new: Article, hosts: Collection[str]) -> Iterable[Sign]:
    """Paragraphs that were put into a text that otherwise stands: spam by their words or their manner.

    Names without a link, below a paragraph that warns of them, are the list of a warning.
    """
    said = set(old.canonical)
    own = matching_form(" ".join((*old.canonical, old.title or "")))
    if said and said.isdisjoint(new.canonical):
        return
    now = set(new.canonical)
    mended = [text for text in dict.fromkeys(old.canonical) if text not in now]
    fresh = dict.fromkeys(text for text in new.canonical if text not in said and _may_be_spam(text))
    known = {*hosts, *hosts_of(old.surface)} if fresh else ()
    linked = any(not is_known(host, known) for host in new.surface.outside)
    found = [text for text in (_put_in(text, mended) for text in fresh) if _is_spam(text, own, linked=linked)]
    if found and (linked or not warns(" ".join(_around(new.canonical, said)))):
        yield Sign("paragraphs", _SPAM_PARAGRAPH, [text[:80] for text in found])


def _around(now: Sequence[str], said: Collection[str]) -> Iterator[str]:
    """The paragraphs that are new, and those right before one."""
    for before, text in pairwise(("", *now)):
        if text not in said:
            yield from (before, text)


def _may_be_spam(text: str) -> bool:
    """Whether some part of a text may be spam; asked first, since most texts hold nothing that a part could be."""
    return manner(text) >= STUFFED - STRUNG or bool(spam_words(text))


def _put_in(text: str, before: Collection[str]) -> str:
    """What of a paragraph is not the beginning and the end of one that stood there before.

    A story on 拍卖平台 has words of spammers' manner itself: where a figure is mended in it, nothing else is new.
    """
    rest = text
    for known in before:
        start = _alike(known, text)
        end = _alike(known[start:][::-1], text[start:][::-1])
        rest = min(rest, text[start : len(text) - end], key=len)
    return rest


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    if one[:1] != other[:1]:
        return 0
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _is_spam(text: str, own: str, *, linked: bool) -> bool:
    if warns(text):
        return False
    least = 0.0 if linked and is_loud(text) else _PLAIN
    words = {word: weight for word, weight in spam_words(text).items() if weight >= least and word not in own}
    share = sum(map(len, words)) / max(1, len(matching_form(text)))
    if sum(words.values()) >= _SPAM_PARAGRAPH and share >= _SHARE_OF_PARAGRAPH and len(words) > 1:
        return True
    return manner(text) >= STUFFED and (is_stuffed(text) or overlap(text, own) < _OVERLAP_OF_SPAM)
