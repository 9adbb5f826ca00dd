"""A change told: as the contract's JSON for programs, as one line for a terminal, as the names a reader knows it by.

Pure functions over ``storage.records``. Whatever a page says is hostile: what goes to a screen passes ``printable``
first; JSON keeps it as it is, since there it is data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Literal

from monitor.sides import around, moments, parted, whole_end
from storage.records import CHINA, Article, Change, ChangeKind, Edit, Facts

Lang = Literal["zh", "en"]
"""The languages that screens speak. What a page says is always told in its own."""

KIND_NAMES: Mapping[Lang, Mapping[ChangeKind, str]] = {
    "zh": {
        ChangeKind.NEW: "新增",
        ChangeKind.EDITED: "修改",
        ChangeKind.RETITLED: "改题",
        ChangeKind.REDATED: "改期",
        ChangeKind.REMOVED: "撤下",
        ChangeKind.RESTORED: "恢复",
        ChangeKind.MOVED: "迁址",
        ChangeKind.TAMPERED: "疑遭篡改",
        ChangeKind.REDESIGNED: "改版",
    },
    "en": {
        ChangeKind.NEW: "new",
        ChangeKind.EDITED: "edited",
        ChangeKind.RETITLED: "retitled",
        ChangeKind.REDATED: "redated",
        ChangeKind.REMOVED: "withdrawn",
        ChangeKind.RESTORED: "restored",
        ChangeKind.MOVED: "moved",
        ChangeKind.TAMPERED: "suspected tampering",
        ChangeKind.REDESIGNED: "redesigned",
    },
}

FACT_NAMES: Mapping[Lang, Mapping[str, str]] = {
    "zh": {"numbers": "数字", "dates": "时间", "people": "人名", "documents": "文号", "negations": "肯定/否定"}
    | {"organisations": "机构", "places": "地名"},
    "en": {
        "numbers": "figure",
        "dates": "time",
        "people": "name",
        "documents": "document no.",
        "negations": "negation",
        "organisations": "organisation",
        "places": "place",
    },
}

FIELD_NAMES: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "title": "标题",
        "published_at": "发布日期",
        "source": "来源",
        "authors": "作者",
        "editors": "编辑",
        "abstract": "摘要",
        "document_number": "文号",
        "index_number": "索引号",
        "column": "栏目",
        "attachments": "附件",
    },
    "en": {
        "title": "title",
        "published_at": "date",
        "source": "source",
        "authors": "authors",
        "editors": "editors",
        "abstract": "abstract",
        "document_number": "document no.",
        "index_number": "index no.",
        "column": "column",
        "attachments": "attachments",
    },
}

HOW_NAMES: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "404": "返回 404",
        "410": "返回 410",
        "soft-404": "页面改称不存在",
        "redirect": "跳往别处",
        "empty": "正文已空",
        "replaced": "原址换成站内他页",
    },
    "en": {
        "404": "answers 404",
        "410": "answers 410",
        "soft-404": "page now says it does not exist",
        "redirect": "redirects elsewhere",
        "empty": "body emptied",
        "replaced": "another page of the site in its place",
    },
}

_SPOILT = frozenset({"pinyin-injected", "mojibake-repaired", "decorated"})

_LINE_TITLE = 36
_LINE_SIDE = 24
_LINE_PIECES = 3

_DATED = "published_at"
_PUT_BACK = "倒填"
_FILE_MARK = re.compile(r"\s?\((?:[0-9a-f]{8}|[^()]*\.\w{2,5})\)$")
"""What a file exchanged under its name is told by: its name in the address, or the first digits of its hash."""
_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
# Soft hyphens, bidirectional overrides, zero-width and tag characters, halves of surrogate pairs: they show nothing of
# their own, and can make a line read otherwise than it was written or cannot be encoded at all.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The text as it may safely stand on one line of a screen: no control, bidirectional or zero-width characters.

    Runs of breaks and spaces become one space; nothing else is altered (escaping is the renderer's).
    """
    return _BREAKS.sub(" ", _UNSEEN.sub("", text))


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters of the text, the last of them … where something was left out.

    A figure or a Latin word is left out whole, unless there is next to nothing else.
    """
    if len(text) <= limit:
        return text
    end = whole_end(text, limit - 1)
    return text[:end].rstrip() + "…"


def kind_name(kind: ChangeKind, lang: Lang = "zh") -> str:
    """What a reader calls this kind of change."""
    return KIND_NAMES[lang][kind]


def how_name(how: str, lang: Lang = "zh") -> str:
    """How a page went, in words; a way without a name is told as it stands."""
    return HOW_NAMES[lang].get(how, how)


def field_name(field: str, lang: Lang = "zh") -> str:
    """What a reader calls a label of an article; an unknown one is told as it stands."""
    return FIELD_NAMES[lang].get(field, field)


def fact_pairs(facts: Facts) -> tuple[tuple[str, str, str], ...]:
    """All facts touched as (family, before, after), family by family in the contract's order."""
    return tuple((family, *pair) for family in FACT_NAMES["en"] for pair in getattr(facts, family))


def china_time(moment: datetime) -> str:
    """An aware moment as ISO 8601 in China time, to the second: ``2026-11-22T08:00:00+08:00``."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds")


def plain(value: object) -> object:
    """Evidence as JSON can say it: mappings, lists, text, numbers; moments in China time; sets in order."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime):
        return china_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


def as_json(change: Change) -> dict[str, object]:
    """A change as ``diff --json``, ``changes --json`` and ``crawl --json`` print it, keys in the contract's order."""
    return {
        "site": change.site,
        "url": change.url,
        "kind": change.kind.value,
        "detected_at": china_time(change.detected_at),
        "title": change.title,
        "from_version": change.from_version,
        "to_version": change.to_version,
        "weight": change.weight,
        "how": change.how,
        "edits": [_edit_json(edit) for edit in change.edits],
        "facts": _facts_json(change.facts),
        "paragraphs_added": change.paragraphs_added,
        "paragraphs_removed": change.paragraphs_removed,
        "reprint_of": change.reprint_of,
        "evidence": plain(change.evidence),
        "note": change.note,
    }


def _edit_json(edit: Edit) -> dict[str, object]:
    told: dict[str, object] = {
        "op": edit.op,
        "before": edit.before,
        "after": edit.after,
        "paragraph": edit.paragraph,
    }
    if edit.field != "body":
        told["field"] = edit.field
    return told


def _facts_json(facts: Facts) -> dict[str, list[list[str]]]:
    told: dict[str, list[list[str]]] = {family: [] for family in FACT_NAMES["en"]}
    for family, before, after in fact_pairs(facts):
        told[family].append([before, after])
    return told


def readable(article: Article) -> tuple[str, ...]:
    """The paragraphs as a person can read them: as printed, or where a mirror spoilt them, as they were repaired."""
    return article.canonical if is_spoilt(article) else article.paragraphs


def is_spoilt(article: Article) -> bool:
    """Whether a mirror spoilt a text so that it is read as it was repaired."""
    return not _SPOILT.isdisjoint(article.flags)


def as_line(change: Change, lang: Lang = "zh", sites: Mapping[str, str] | None = None) -> str:
    """A change as one readable line: ``【修改】娄底新闻  学党史…  4156名 → 4165名``.

    ``sites`` gives sites' names by key; a site without one is told by its key. The line has no control characters, so
    a page cannot write to the terminal; a terminal library's own markup must be switched off by the caller.
    """
    name = (sites or {}).get(change.site, change.site)
    title = cut(printable(change.title or change.url).strip(), _LINE_TITLE)
    bracket = f"【{kind_name(change.kind, lang)}】" if lang == "zh" else f"[{kind_name(change.kind, lang)}] "
    return "  ".join(part for part in (bracket + printable(name), title, _gist(change, lang)) if part)


def _gist(change: Change, lang: Lang) -> str:
    """What happened, in a few words behind the title."""
    zh = lang == "zh"
    pieces: list[str] = []
    if change.kind is ChangeKind.NEW and change.reprint_of:
        pieces.append(("转载自 " if zh else "reprint of ") + printable(change.reprint_of))
    if change.how:
        pieces.append(how_name(printable(change.how), lang))
    pieces += _pieces(change, lang)
    if change.paragraphs_added:
        pieces.append(f"增 {change.paragraphs_added} 段" if zh else f"+{change.paragraphs_added} paragraphs")
    if change.paragraphs_removed:
        pieces.append(f"删 {change.paragraphs_removed} 段" if zh else f"-{change.paragraphs_removed} paragraphs")
    if change.note:
        pieces.append(cut(printable(change.note), 2 * _LINE_TITLE))
    return ("，" if zh else ", ").join(pieces)


def _pieces(change: Change, lang: Lang) -> list[str]:
    """The facts touched, or where there are none the edits themselves; the first few, and how many more.

    What a note says of the date already is not said twice.
    """
    told = [_fact(change, before, after, lang) for _, before, after in fact_pairs(change.facts)]
    if not told:
        noted = lang == "zh" and _PUT_BACK in (change.note or "")
        year = change.detected_at.astimezone(CHINA).year
        told = [
            ("" if edit.field == "body" else field_name(edit.field, lang) + " ") + edit_line(edit, lang, year)
            for edit in change.edits
            if not (noted and edit.field == _DATED)
        ]
    told = list(dict.fromkeys(told))
    more = len(told) - _LINE_PIECES
    if more > 0:
        told = [*told[:_LINE_PIECES], f"另 {more} 处" if lang == "zh" else f"{more} more"]
    return told


def _fact(change: Change, before: str, after: str, lang: Lang) -> str:
    """One fact; where it has one side, with the words of its edit around it, since a bare figure tells nobody much."""
    lone = before or after
    if before and after:
        return arrow(before, after)
    edit = next((e for e in change.edits if e.field == "body" and lone in (e.after if after else e.before)), None)
    if edit is None:
        return arrow(before, after)
    if edit.before and edit.after and max(len(edit.before), len(edit.after)) <= _LINE_SIDE:
        return edit_line(edit, lang)
    sides = ((edit.before, before), (edit.after, after))
    return arrow(*(around(printable(text), printable(said), _LINE_SIDE) for text, said in sides))


def edit_line(edit: Edit, lang: Lang = "zh", year: int | None = None) -> str:
    """One edit in a few words: ``旧 → 新``, ``＋新``, ``－旧``, ``移动 …``, ``某表.pdf 已更换``.

    ``year`` is the one that need not be said of a date of publication.
    """
    if exchanged := exchanged_file(edit):
        return cut(exchanged, _LINE_TITLE) + (" 已更换" if lang == "zh" else " replaced")
    if edit.field == _DATED:
        return arrow(*moments(edit.before, edit.after, year, chinese=lang == "zh"))
    before, after = (cut(parted(printable(side)), _LINE_SIDE) for side in (edit.before, edit.after))
    if edit.op == "move":
        return ("移动 " if lang == "zh" else "moved ") + (after or before)
    return arrow(before, after)


def exchanged_file(edit: Edit) -> str | None:
    """The name of an attachment in whose place another file stands; what tells the two apart is nothing to a reader."""
    names = {_FILE_MARK.sub("", printable(side)) for side in (edit.before, edit.after)}
    return names.pop() if edit.field == "attachments" and len(names) == 1 else None


def arrow(before: str, after: str) -> str:
    """Two sides of an edit on one line: ``旧 → 新``, or ``＋新``, ``－旧`` where there is one side."""
    before, after = printable(before), printable(after)
    if before and after:
        return f"{before} → {after}"
    return f"＋{after}" if after else f"－{before}"


def summary(changes: Iterable[Change], lang: Lang = "zh") -> str:
    """One line that counts changes by kind, in the contract's order of kinds; of none it says so."""
    counts = Counter(change.kind for change in changes)
    if not counts:
        return "没有变化。" if lang == "zh" else "No changes."
    total = counts.total()
    kinds = [f"{kind_name(kind, lang)} {counts[kind]}" for kind in ChangeKind if counts[kind]]
    if lang == "zh":
        return f"共 {total} 件变化：{'，'.join(kinds)}。"
    return f"{total} change{'' if total == 1 else 's'}: {', '.join(kinds)}."
