"""An alert put into words: as Markdown, as a page for mail, as lines for a chat. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from jinja2 import Environment

from crawler.extraction.hanzi import to_simplified
from monitor.deliver.alarms import Alarm, Versions, plain, version_key
from monitor.deliver.brief import harmless, unlinked
from monitor.deliver.message import Told
from monitor.deliver.wording import say
from monitor.digest.captions import kept_name
from monitor.digest.engine import environment
from monitor.digest.evidence import evidence_lines
from monitor.digest.html import link, pages_at
from monitor.digest.markdown import escape
from monitor.digest.passages import typeset
from monitor.digest.unlinked import parted
from monitor.notes import note_in, told_fact
from monitor.sides import moments
from monitor.tell import (
    FACT_NAMES,
    Lang,
    cut,
    fact_pairs,
    field_name,
    how_name,
    kind_name,
    printable,
    readable,
)
from storage.records import CHINA, Change, ChangeKind

SHOWN = 50
"""Alarms that a message tells in full; of the rest it says how many."""

EDITS, SIDE, TITLE, KEPT = 5, 60, 60, 160
_ENDS = re.compile(r"(?<=[。！？；!?;])|\n")


@dataclass(frozen=True, slots=True)
class Urgent:
    """An alarm as it is told: what happened where, each line of it by name, and its address where it may be linked.

    ``kept`` is where the archive shows the change, if readers can reach it there, ``kept_name`` what that is called.
    """

    kind: str
    site: str
    title: str
    lines: tuple[tuple[str, str], ...]
    address: str | None
    grave: bool
    kept: str = ""
    kept_name: str = ""


def told(
    alarms: Sequence[tuple[Change, Alarm]],
    more: int,
    versions: Versions,
    names: Mapping[str, str],
    lang: Lang,
    hijacked: Collection[str] = (),
    archive: str | None = None,
) -> Told:
    """The alert as a message. ``more`` alarms are only counted; ``hijacked`` are addresses that stand so by now.

    ``archive`` is where readers reach the archive's pages, if they can: each change is then linked to its own.
    """
    shown = _all(alarms, versions, names, lang, hijacked, archive)
    left = more + len(alarms) - len(shown)
    title = _subject(shown, left, lang)
    page, markdown = _page(title, shown, left, lang), _markdown(title, shown, left, lang)
    return Told(title, _plain(title, shown, left, lang), page, lang, urgent=True, markdown=markdown)


def lines(
    alarms: Sequence[tuple[Change, Alarm]],
    more: int,
    versions: Versions,
    names: Mapping[str, str],
    lang: Lang,
    hijacked: Collection[str] = (),
    archive: str | None = None,
) -> list[str]:
    """The alert as lines for a chat, the gravest first."""
    shown = _all(alarms, versions, names, lang, hijacked, archive)
    left = more + len(alarms) - len(shown)
    spoken = [line for number, each in enumerate(shown, 1) for line in _spoken(number, each, lang)]
    return spoken + ([say(lang, "more", left)] if left else [])


def _all(
    alarms: Sequence[tuple[Change, Alarm]],
    versions: Versions,
    names: Mapping[str, str],
    lang: Lang,
    hijacked: Collection[str],
    archive: str | None,
) -> list[Urgent]:
    page_of = pages_at(archive)
    return [
        _urgent(change, found, versions, names, lang, hijacked, page_of(change)) for change, found in alarms[:SHOWN]
    ]


def _urgent(
    change: Change,
    found: Alarm,
    versions: Versions,
    names: Mapping[str, str],
    lang: Lang,
    hijacked: Collection[str],
    kept: str | None,
) -> Urgent:
    # What was new or edited an hour ago may be hijacked by now.
    unsafe = change.kind is ChangeKind.TAMPERED or change.url in hijacked
    key = version_key(change)
    version = versions.get(key) if key else None
    title = change.title or (version.article.title if version else None) or names.get(change.site) or change.site
    return Urgent(
        kind=kind_name(change.kind, lang),
        site=printable(names.get(change.site) or change.site),
        title=cut(unlinked(title), TITLE),
        lines=tuple(_lines(change, found, versions, lang, unsafe)),
        # What is withdrawn can be read in the archive alone.
        address=None if unsafe else kept if kept and change.kind is ChangeKind.REMOVED else link(change.url),
        grave=change.kind is ChangeKind.TAMPERED,
        kept=kept or "",
        kept_name=kept_name(change.kind, lang),
    )


def _lines(change: Change, found: Alarm, versions: Versions, lang: Lang, unsafe: bool) -> list[tuple[str, str]]:
    why = [kind_name(change.kind, lang) if each == "kind" else say(lang, each) for each in found.why]
    why = [each for each in why if each != say(lang, "watchword")]
    why += [f"{say(lang, 'watchword')} {say(lang, 'and').join(found.words)}"] if found.words else []
    facts = [
        f"{FACT_NAMES[lang][family]} {told_fact(before, after, lang)}"
        for family, before, after in fact_pairs(change.facts)
    ]
    told = [
        (say(lang, "why"), say(lang, "between").join(why)),
        (say(lang, "when"), _clock(change.detected_at)),
        (say(lang, "how"), how_name(change.how, lang) if change.how else ""),
        (say(lang, "facts"), say(lang, "between").join(facts[:EDITS])),
    ]
    for edit in change.edits[:EDITS]:
        label = say(lang, "edit") if edit.field == "body" else field_name(edit.field, lang)
        sides = (edit.before, edit.after)
        if edit.field == "published_at":
            sides = moments(*sides, None, chinese=lang == "zh")
        told.append((label, told_fact(cut(sides[0], SIDE), cut(sides[1], SIDE), lang)))
    told += [(name, cut(text, KEPT)) for name, text in evidence_lines(change.evidence, lang)]
    told.append((say(lang, "note"), cut(note_in(change, lang), KEPT)))
    key = version_key(change)
    told += [(say(lang, "sentence"), sentence) for sentence in _sentences(change, found, versions)]
    if change.kind is ChangeKind.REMOVED and key and key in versions:
        told.append((say(lang, "kept"), cut(typeset("".join(readable(versions[key].article))), KEPT)))
    if unsafe or link(change.url) is None:
        told.append((say(lang, "unlinked"), change.url))
    return [(printable(name), text) for name, said in told if (text := unlinked(said))]


def _sentences(change: Change, found: Alarm, versions: Versions) -> list[str]:
    """The first sentence of the text that says each watchword; nothing for a word that the title or an edit shows."""
    key = version_key(change)
    version = versions.get(key) if key else None
    if version is None:
        return []
    shown = plain("\n".join([change.title or "", *(edit.before + edit.after for edit in change.edits)]))
    text = [part for paragraph in readable(version.article) for part in _ENDS.split(paragraph)]
    told = []
    for word in found.words:
        meant = plain(to_simplified(word))
        if meant not in shown or not change.edits:
            told += [_around(part.strip(), meant) for part in text if meant in plain(part)][:1]
    return list(dict.fromkeys(told))[:EDITS]


def _around(sentence: str, word: str) -> str:
    """A sentence, of a long one the part that the word stands in."""
    at = plain(sentence).find(word)
    start = max(0, at - KEPT // 2) if len(sentence) > KEPT else 0
    return ("…" if start else "") + cut(sentence[start:], KEPT)


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _subject(shown: Sequence[Urgent], left: int, lang: Lang) -> str:
    first = shown[0] if shown else None
    head = say(lang, "alert")
    if first is None:
        return head
    number = len(shown) + left
    colon = "：" if lang == "zh" else ": "
    brackets = "（{}）" if lang == "zh" else " ({})"
    count = brackets.format(say(lang, "items", number)) if number > 1 else ""
    return f"{head}{colon}{first.kind} {harmless(first.site)} {harmless(first.title)}{count}"


def _markdown(title: str, shown: Sequence[Urgent], left: int, lang: Lang) -> str:
    blocks = [f"# {escape(title)}"]
    for each in shown:
        heading = f"[{escape(each.title)}](<{each.address}>)" if each.address else escape(each.title)
        told = [f"- {escape(name)}: {escape(text)}" for name, text in each.lines]
        if each.kept:
            told.append(f"- [{escape(each.kept_name)}](<{each.kept}>)")
        blocks.append("\n".join([f"## {escape(each.kind)} · {escape(each.site)}", "", heading, "", *told]))
    if left:
        blocks.append(escape(say(lang, "more", left)))
    return "\n\n".join([*blocks, escape(say(lang, "footer"))]) + "\n"


def _plain(title: str, shown: Sequence[Urgent], left: int, lang: Lang) -> str:
    """The alert for programs that show no HTML: our own addresses stand alone on their lines."""
    colon = "：" if lang == "zh" else ": "
    blocks = [parted(printable(title))]
    for each in shown:
        told = [f"【{each.kind}】{each.site} {each.title}", *([each.address] if each.address else [])]
        told += [f"  {name}{colon}{text}" for name, text in each.lines]
        told += [f"  {each.kept_name} {each.kept}"] if each.kept and each.kept != each.address else []
        blocks.append("\n".join(told))
    return "\n\n".join([*blocks, *([say(lang, "more", left)] if left else []), say(lang, "footer")]) + "\n"


def _page(title: str, shown: Sequence[Urgent], left: int, lang: Lang) -> str:
    more = say(lang, "more", left) if left else ""
    return (
        _engine()
        .get_template("alert.html.j2")
        .render(
            title=title, shown=shown, more=more, footer=say(lang, "footer"), lang="zh-Hans" if lang == "zh" else "en"
        )
    )


@lru_cache(maxsize=1)
def _engine() -> Environment:
    return environment("monitor.deliver")


def _spoken(number: int, each: Urgent, lang: Lang) -> list[str]:
    """One alarm in a chat: a headline, what it consists of, and its address where it has one."""
    head = f"{number}. 【{each.kind}】{harmless(each.site)} {harmless(each.title)}"
    body = [f"{name}{'：' if lang == 'zh' else ': '}{harmless(text)}" for name, text in each.lines]
    addresses = dict.fromkeys(address for address in (each.address, each.kept) if address)
    return [head, *body, *addresses]
