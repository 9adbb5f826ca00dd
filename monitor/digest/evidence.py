"""A change's evidence as lines that a reader can follow. Pure.

Evidence is a mapping whose keys belong to whoever found it (``monitor.compare``); the known ones are named here, others
are told as they stand. Moments are told in China time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from monitor.notes import told_fact
from monitor.tell import Lang, cut, field_name, how_name, plain, printable
from storage.records import CHINA

LINES = 12
"""Lines of evidence that are shown of one change."""

_LONGEST = 160
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
_UNTOLD = frozenset({"score"})
"""Keys that mean nothing to a reader."""

_NAMES: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "title": "网页标题",
        "keywords": "关键词标签",
        "description": "描述标签",
        "links": "链接文字",
        "body": "正文",
        "spam_words": "可疑词",
        "hidden_links": "隐藏链接",
        "hidden_count": "隐藏链接数",
        "redirects": "自动跳转",
        "entity_coded": "以实体编码掩藏",
        "hidden": "不显示的文字",
        "alt": "图片说明里的文字",
        "comment": "代码注释里的文字",
        "noscript": "无脚本时才显示的文字",
        "shown": "插入的文字",
        "paragraphs": "插入的段落",
        "writes": "写入外站脚本",
        "covers": "遮盖全页的外站框架",
        "slips": "暗藏的外站框架",
        "loads": "载入的外站脚本",
        "sells": "垃圾外链",
        "sunk": "藏起的外链",
        "woven": "加在词语上的外站链接",
        "throwaway": "可疑域名",
        "disguised": "伪装的代码",
        "asks": "按访客来路改变内容",
        "coded": "经编码的脚本",
        "defaced": "黑客留言",
        "moved_from": "原址",
        "to": "转到",
        "printed": "页面所示",
        "visits": "复核次数",
        "answers": "历次应答",
        "first_missing_at": "首次缺失",
        "first_seen": "首次见到",
        "days": "相差天数",
        "column_watched_since": "栏目监看始于",
        "pages_seen": "查看页数",
        "pages_in_new_frame": "新版式页数",
    },
    "en": {
        "title": "page title",
        "keywords": "keywords label",
        "description": "description label",
        "links": "link texts",
        "body": "body",
        "spam_words": "suspect words",
        "hidden_links": "hidden links",
        "hidden_count": "number of hidden links",
        "redirects": "redirects to",
        "entity_coded": "hidden as entities",
        "hidden": "text not shown",
        "alt": "text of images",
        "comment": "text in comments",
        "noscript": "text shown without script",
        "shown": "text put in",
        "paragraphs": "paragraphs put in",
        "writes": "writes another host's script",
        "covers": "another host's frame over the page",
        "slips": "another host's hidden frame",
        "loads": "loads another host's script",
        "sells": "spam links",
        "sunk": "links out of sight",
        "woven": "links laid on words",
        "throwaway": "doubtful hosts",
        "disguised": "code in disguise",
        "asks": "shows by where a visitor comes from",
        "coded": "encoded script",
        "defaced": "a hacker's message",
        "moved_from": "moved from",
        "to": "leads to",
        "printed": "page says",
        "visits": "visits",
        "answers": "answers",
        "first_missing_at": "first missing",
        "first_seen": "first seen",
        "days": "days between",
        "column_watched_since": "column watched since",
        "pages_seen": "pages seen",
        "pages_in_new_frame": "pages in the new frame",
    },
}


def evidence_lines(evidence: Mapping[str, object], lang: Lang) -> tuple[tuple[str, str], ...]:
    """The evidence as (name, text) lines in the order it was written; the first ``LINES`` of them, long text cut."""
    told = [
        (_name(key, lang), text)
        for key, value in evidence.items()
        if key not in _UNTOLD and (text := "; ".join(_words(plain(value), lang, key)))
    ]
    return tuple((name, cut(text, _LONGEST)) for name, text in told[:LINES])


def _name(key: str, lang: Lang) -> str:
    return _NAMES[lang].get(key) or field_name(printable(key), lang)


def _words(value: object, lang: Lang, key: str) -> Iterator[str]:
    """A value's texts, one by one. Of a mapping within: before → after, or its values side by side, or each named."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        yield {"zh": "是" if value else "否", "en": "yes" if value else "no"}[lang]
    elif isinstance(value, Mapping):
        yield from _within(value, lang, key)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item, lang, key)
    elif key == "answers":
        yield how_name(printable(str(value)), lang)
    else:
        yield _clock(printable(str(value)).strip())


def _within(value: Mapping[object, object], lang: Lang, key: str) -> Iterator[str]:
    if value.keys() == {"before", "after"}:
        yield told_fact(str(value["before"] or ""), str(value["after"] or ""), lang)
    elif any(isinstance(item, list) for item in value.values()):
        for part, item in value.items():
            yield f"{_name(str(part), lang)} " + ("、" if lang == "zh" else ", ").join(_words(item, lang, key))
    else:
        yield " ".join(word for item in value.values() for word in _words(item, lang, key))


def _clock(text: str) -> str:
    """A moment in China time, to the minute; any other text as it is."""
    if not _MOMENT.fullmatch(text):
        return text
    try:
        return f"{datetime.fromisoformat(text).astimezone(CHINA):%Y-%m-%d %H:%M}"
    except ValueError:
        return text
