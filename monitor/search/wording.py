"""What the search says, in Chinese and English. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.search.query import Unreadable
from monitor.tell import Lang, printable

FAULTS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "no-word": "请至少写一个要找的词",
        "open-quote": "引号没有成对",
        "too-long": "检索式太长，最多 {0} 个字符",
        "too-many": "词太多，最多 {0} 个",
        "minus": "减号只能写在词前：{0}",
        "empty": "{0} 后面要写内容",
        "kind": "没有这种变化：{0}",
        "site": "没有这个站点：{0}",
        "day": "看不懂的日期：{0}（例：2026-11-23、2026-11、2026-11..2026-12）",
        "backwards": "日期先后颠倒：{0}",
        "two-days": "日期只能写一次：{0}",
        "cursor": "翻页的位置看不懂，请从第一页重新检索",
    },
    "en": {
        "no-word": "write at least one word to look for",
        "open-quote": "a quotation mark is left open",
        "too-long": "the query is too long: {0} characters at most",
        "too-many": "too many words: {0} at most",
        "minus": "a minus stands before a word only: {0}",
        "empty": "write something behind {0}",
        "kind": "no such kind of change: {0}",
        "site": "no such site: {0}",
        "day": "no date: {0} (as in 2026-11-23, 2026-11, 2026-11..2026-12)",
        "backwards": "the span of days runs backwards: {0}",
        "two-days": "name the days only once: {0}",
        "cursor": "this place in the results cannot be read; search again from the first page",
    },
}


def fault_line(fault: Unreadable, lang: Lang = "zh") -> str:
    """One line on why a query cannot be read. Not escaped for HTML."""
    return FAULTS[lang][fault.fault].format(printable(fault.given))
