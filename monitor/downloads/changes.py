"""Changes to take away, newest first: JSON Lines as the contract has them, and CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator, Mapping

from monitor.downloads.scope import Scope
from monitor.tell import FACT_NAMES, Lang, as_json, cut, fact_pairs, field_name, how_name, kind_name, printable
from storage.browsing import Browsing, Wanted
from storage.records import CHINA, Change, Edit

AT_ONCE = 200
"""Changes that are read together."""

LONGEST_CELL = 32_000
"""Characters; spreadsheets lose or refuse what is longer than 32,767."""

BOM = "\ufeff"
"""Without it the most used spreadsheet reads Chinese as something else."""

GUARD = "'"
_STARTS = frozenset("=+-@")
_COLUMNS: Mapping[Lang, tuple[str, ...]] = {
    "zh": ("北京时间", "站点", "变动", "标题", "网址", "涉及", "旧文 → 新文", "增段", "删段", "轻重", "说明", "变动号"),
    "en": (
        *("China time", "Site", "Change", "Title", "Address", "Facts", "Before → after", "Paragraphs added"),
        *("Paragraphs removed", "Weight", "Note", "Change no."),
    ),
}


def as_lines(browsing: Browsing, scope: Scope) -> Iterator[bytes]:
    """The changes as ``changes --json`` prints them, some lines at a time."""
    for changes in _some(browsing, scope.wanted()):
        # Half of a surrogate pair, which no UTF-8 has, is written as JSON escapes it.
        lines = (json.dumps(as_json(change), ensure_ascii=False, allow_nan=False) + "\n" for change in changes)
        yield "".join(lines).encode("utf-8", "backslashreplace")


def as_csv(browsing: Browsing, scope: Scope, names: Mapping[str, str], lang: Lang = "zh") -> Iterator[bytes]:
    """The changes as a table, UTF-8 with a mark of it, a row each; ``names`` are the sites' by key.

    Cells are for reading: freed of signs that show nothing, and guarded (see ``guarded``).
    """
    yield (BOM + _written([_COLUMNS[lang]])).encode()
    for changes in _some(browsing, scope.wanted()):
        yield _written([_row(change, names, lang) for change in changes]).encode()


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that might be begins with an apostrophe.

    White space and full-width forms before or in place of the sign do not hide it. A text that begins with an
    apostrophe gets a second one, so that whoever takes one away has the text.
    """
    seen = unicodedata.normalize("NFKC", text[:LONGEST_CELL]).lstrip()
    if text.startswith((GUARD, "\t", "\r", "\n")) or seen[:1] in _STARTS:
        return GUARD + text
    return text


def _some(browsing: Browsing, wanted: Wanted) -> Iterator[list[Change]]:
    before = None
    while found := browsing.changes(wanted, before=before, limit=AT_ONCE):
        yield [entry.change for entry in found]
        before = found[-1].change.id


def _written(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _row(change: Change, names: Mapping[str, str], lang: Lang) -> tuple[str, ...]:
    facts = [
        f"{FACT_NAMES[lang][family]} {_sides(before, after)}" for family, before, after in fact_pairs(change.facts)
    ]
    notes = [how_name(change.how, lang)] if change.how else []
    notes += [f"转载自 {change.reprint_of}" if lang == "zh" else f"reprint of {change.reprint_of}"] * bool(
        change.reprint_of
    )
    notes += [change.note] if change.note else []
    cells = (
        change.detected_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        names.get(change.site) or change.site,
        kind_name(change.kind, lang),
        change.title or "",
        change.url,
        "；".join(facts),
        "；".join(_edit(edit, lang) for edit in change.edits),
        str(change.paragraphs_added or ""),
        str(change.paragraphs_removed or ""),
        f"{change.weight:.2f}",
        "；".join(notes),
        str(change.id),
    )
    return tuple(guarded(cut(printable(cell).strip(), LONGEST_CELL)) for cell in cells)


def _edit(edit: Edit, lang: Lang) -> str:
    label = "" if edit.field == "body" else field_name(edit.field, lang) + " "
    if edit.op == "move":
        return label + ("移动 " if lang == "zh" else "moved ") + (edit.after or edit.before)
    return label + _sides(edit.before, edit.after)


def _sides(before: str, after: str) -> str:
    """``旧 → 新``; ``→ 新`` for what is new, ``旧 →`` for what is gone: no cell begins with a sign of arithmetic."""
    return f"{before} → {after}".strip()
