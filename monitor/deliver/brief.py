"""A digest or an alert in the few lines that a chat takes, cut to its room and saying how much was left out. Pure.

What pages say is made harmless for plain text and for each chat's own Markdown alike: signs that could begin a mention,
a link, a tag or emphasis become their full-width twins, and a bare domain is no longer one.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.deliver.wording import say
from monitor.digest.day import Digest
from monitor.digest.foremost import foremost
from monitor.digest.html import link
from monitor.digest.item import Item
from monitor.digest.points import choice_line, chosen_parts, points
from monitor.digest.unlinked import COLON, DOT, defanged
from monitor.notes import told_fact
from monitor.tell import FACT_NAMES, Lang, cut, kind_name, printable
from storage.records import ChangeKind, china_day

SHOWN = 12
"""Changes that a chat is told of by name."""

TITLE, SIDE, CHOSEN = 36, 20, 60
_TWINS = str.maketrans("<>[]{}*_`~#|\\@", "＜＞［］｛｝＊＿｀～＃｜＼＠")
_DOT, _COLON = "\ue000", "\ue001"


def harmless(text: str) -> str:
    """What a page says, on one line, as it may stand in a chat."""
    # The brackets of an address that is written out are ours, and stay.
    named = defanged(printable(text).strip(), _DOT, _COLON).translate(_TWINS)
    return named.replace(_DOT, DOT).replace(_COLON, COLON)


def unlinked(text: str) -> str:
    """What a page says, on one line, with no address in it that a mail program would turn into a link."""
    return defanged(printable(text).strip())


def fit(lines: Sequence[str], room: int, lang: Lang, last: str = "") -> str:
    """As many whole lines as go into so many bytes of UTF-8, then how many were left out, then ``last``.

    A first line that is too long by itself is cut, so that something is always said.
    """
    whole = "\n".join([*lines, last] if last else lines)
    if len(whole.encode()) <= room:
        return whole
    for shown in range(len(lines) - 1, 0, -1):
        ending = [say(lang, "more_lines", len(lines) - shown), *([last] if last else [])]
        text = "\n".join([*lines[:shown], *ending])
        if len(text.encode()) <= room:
            return text
    return cut_bytes(lines[0] if lines else last, room)


def cut_bytes(text: str, room: int) -> str:
    """The beginning of a text that goes into so many bytes of UTF-8, ending with … where something was left out."""
    if len(text.encode()) <= room:
        return text
    return text.encode()[: max(0, room - 3)].decode("utf-8", "ignore").rstrip() + "…"


def subject(digest: Digest, title: str, lang: Lang) -> str:
    """``市讯 2026年11月22日 星期日：疑遭篡改 1、撤下 2、修改 14``."""
    counts = dict(digest.counts)
    order = (ChangeKind.TAMPERED, ChangeKind.REMOVED, ChangeKind.EDITED, ChangeKind.NEW)
    told = [f"{kind_name(kind, lang)} {counts[kind]:,}" for kind in order if counts.get(kind)]
    rest = len(digest.changes) - sum(counts.get(kind, 0) for kind in order)
    if rest:
        told.append(("其他 " if lang == "zh" else "other ") + f"{rest:,}")
    between = "：" if lang == "zh" else ": "
    if china_day(digest.generated_at) <= digest.until:
        title += say(lang, "unfinished_week" if digest.last else "unfinished")
    chosen = chosen_parts(digest, lang)
    if chosen:
        title += say(lang, "chosen", harmless(cut(chosen, CHOSEN)))
    return title + between + (say(lang, "and").join(told) or say(lang, "quiet"))


def digest_lines(digest: Digest, lang: Lang) -> list[str]:
    """What a chat is told of a digest: the lines that sum it up, then its weightiest changes by name."""
    lines = [harmless(line) for line in (*points(digest, lang), choice_line(digest, lang)) if line]
    named = [*digest.tampered, *(foremost(digest) or (*digest.removed, *digest.edited))]
    told = list(dict.fromkeys(_item(item, lang) for item in named))
    return [*lines, *(f"{number}. {line}" for number, line in enumerate(told[:SHOWN], 1))]


def _item(item: Item, lang: Lang) -> str:
    told = f"【{kind_name(item.change.kind, lang)}】{harmless(item.site_name)} {harmless(cut(item.title, TITLE))}"
    facts = [
        f"{FACT_NAMES[lang][fact.family]} {harmless(told_fact(cut(fact.before, SIDE), cut(fact.after, SIDE), lang))}"
        for fact in item.facts[:2]
    ]
    return told + (f"（{say(lang, 'between').join(facts)}）" if facts else "")


def archive_line(address: str | None, path: str, lang: Lang) -> str:
    """Where the whole stands, if readers can reach the archive's pages."""
    whole = link(address.rstrip("/") + path) if address else None
    return f"{say(lang, 'archive')} {whole}" if whole else ""
