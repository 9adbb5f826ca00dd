"""An alert put into words: as Markdown, as a page for mail, as lines for a chat. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.deliver.alarms import Alarm, Versions, version_key
from monitor.deliver.brief import harmless, unlinked
from monitor.deliver.message import Told
from monitor.deliver.wording import say
from monitor.digest.evidence import evidence_lines
from monitor.digest.html import link
from monitor.digest.markdown import escape
from monitor.digest.passages import typeset
from monitor.tell import FACT_NAMES, Lang, arrow, cut, fact_pairs, field_name, how_name, kind_name, printable, readable
from storage.records import CHINA, Change, ChangeKind

SHOWN = 50
"""Alarms that a message tells in full; of the rest it says how many."""

EDITS, SIDE, TITLE, KEPT = 5, 60, 60, 160


@dataclass(frozen=True, slots=True)
class Urgent:
    """An alarm as it is told: what happened where, each line of it by name, and its address where it may be linked."""

    kind: str
    site: str
    title: str
    lines: tuple[tuple[str, str], ...]
    address: str | None
    grave: bool


def told(
    alarms: Sequence[tuple[Change, Alarm]], more: int, versions: Versions, names: Mapping[str, str], lang: Lang
) -> Told:
    """The alert as a message. ``more`` alarms are only counted."""
    shown = [_urgent(change, found, versions, names, lang) for change, found in alarms[:SHOWN]]
    left = more + len(alarms) - len(shown)
    title = _subject(shown, left, lang)
    return Told(title, _markdown(title, shown, left, lang), _page(title, shown, left, lang), lang, urgent=True)


def lines(
    alarms: Sequence[tuple[Change, Alarm]], more: int, versions: Versions, names: Mapping[str, str], lang: Lang
) -> list[str]:
    """The alert as lines for a chat, the gravest first."""
    shown = [_urgent(change, found, versions, names, lang) for change, found in alarms[:SHOWN]]
    left = more + len(alarms) - len(shown)
    spoken = [line for number, each in enumerate(shown, 1) for line in _spoken(number, each, lang)]
    return spoken + ([say(lang, "more", left)] if left else [])


def defanged(url: str) -> str:
    """An address that no program takes for one, and a person can still read: ``hxxp：//www．example．cn/…``."""
    address = unlinked(url)
    return f"hxx{address[3:]}" if address.lower().startswith("htt") else address


def _urgent(change: Change, found: Alarm, versions: Versions, names: Mapping[str, str], lang: Lang) -> Urgent:
    grave = change.kind is ChangeKind.TAMPERED
    key = version_key(change)
    version = versions.get(key) if key else None
    title = change.title or (version.article.title if version else None) or names.get(change.site) or change.site
    return Urgent(
        kind=kind_name(change.kind, lang),
        site=printable(names.get(change.site) or change.site),
        title=cut(unlinked(title), TITLE),
        lines=tuple(_lines(change, found, versions, lang)),
        address=None if grave else link(change.url),
        grave=grave,
    )


def _lines(change: Change, found: Alarm, versions: Versions, lang: Lang) -> list[tuple[str, str]]:
    why = [say(lang, each) for each in found.why if each != "watchword"]
    why += [f"{say(lang, 'watchword')} {say(lang, 'and').join(found.words)}"] if found.words else []
    facts = [f"{FACT_NAMES[lang][family]} {arrow(*sides)}" for family, *sides in fact_pairs(change.facts)]
    told = [
        (say(lang, "why"), say(lang, "between").join(why)),
        (say(lang, "when"), _clock(change.detected_at)),
        (say(lang, "how"), how_name(change.how, lang) if change.how else ""),
        (say(lang, "facts"), say(lang, "between").join(facts[:EDITS])),
    ]
    for edit in change.edits[:EDITS]:
        label = say(lang, "edit") if edit.field == "body" else field_name(edit.field, lang)
        told.append((label, arrow(cut(edit.before, SIDE), cut(edit.after, SIDE))))
    told += [(name, cut(text, KEPT)) for name, text in evidence_lines(change.evidence, lang)]
    told.append((say(lang, "note"), cut(change.note or "", KEPT)))
    key = version_key(change)
    if change.kind is ChangeKind.REMOVED and key and key in versions:
        told.append((say(lang, "kept"), cut(typeset("".join(readable(versions[key].article))), KEPT)))
    if change.kind is ChangeKind.TAMPERED or link(change.url) is None:
        told.append((say(lang, "unlinked"), defanged(change.url)))
    return [(printable(name), text) for name, said in told if (text := unlinked(said))]


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _subject(shown: Sequence[Urgent], left: int, lang: Lang) -> str:
    first = shown[0] if shown else None
    head = say(lang, "alert")
    if first is None:
        return head
    number = len(shown) + left
    colon = "：" if lang == "zh" else ": "
    count = f"（{say(lang, 'items', number)}）" if number > 1 else ""
    return f"{head}{colon}{first.kind} {harmless(first.site)} {harmless(first.title)}{count}"


def _markdown(title: str, shown: Sequence[Urgent], left: int, lang: Lang) -> str:
    blocks = [f"# {escape(title)}"]
    for each in shown:
        heading = f"[{escape(each.title)}](<{each.address}>)" if each.address else escape(each.title)
        told = [f"- {escape(name)}: {escape(text)}" for name, text in each.lines]
        blocks.append("\n".join([f"## {escape(each.kind)} · {escape(each.site)}", "", heading, "", *told]))
    if left:
        blocks.append(escape(say(lang, "more", left)))
    return "\n\n".join([*blocks, escape(say(lang, "footer"))]) + "\n"


def _page(title: str, shown: Sequence[Urgent], left: int, lang: Lang) -> str:
    environment = Environment(
        loader=PackageLoader("monitor.deliver"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    more = say(lang, "more", left) if left else ""
    return environment.get_template("alert.html.j2").render(
        title=title, shown=shown, more=more, footer=say(lang, "footer"), lang="zh-Hans" if lang == "zh" else "en"
    )


def _spoken(number: int, each: Urgent, lang: Lang) -> list[str]:
    """One alarm in a chat: a headline, what it consists of, and its address where it has one."""
    head = f"{number}. 【{each.kind}】{harmless(each.site)} {harmless(each.title)}"
    body = [f"{name}{'：' if lang == 'zh' else ': '}{harmless(text)}" for name, text in each.lines]
    return [head, *body, *([each.address] if each.address else [])]
