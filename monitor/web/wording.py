"""What the site's screens say, in Chinese and English. What the digest says already is said in its words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from monitor.tell import Lang
from monitor.web.phrases import en, zh
from storage.records import Outcome, Told

WORDS: Mapping[Lang, Mapping[str, str]] = {"zh": zh.WORDS, "en": en.WORDS}

_OUTCOMES: Mapping[Lang, Mapping[Outcome, str]] = {
    "zh": {
        Outcome.NEW_VERSION: "有新内容",
        Outcome.UNCHANGED: "内容未变",
        Outcome.NOT_MODIFIED: "未修改（304）",
        Outcome.LISTED: "列表",
        Outcome.GONE: "不存在",
        Outcome.SOFT_GONE: "页面称不存在",
        Outcome.MOVED: "迁往别处",
        Outcome.BLOCKED: "被拦截",
        Outcome.EMPTY: "空页",
        Outcome.REFUSED: "禁止抓取",
        Outcome.FAILED: "失败",
    },
    "en": {
        Outcome.NEW_VERSION: "new content",
        Outcome.UNCHANGED: "unchanged",
        Outcome.NOT_MODIFIED: "not modified (304)",
        Outcome.LISTED: "list",
        Outcome.GONE: "gone",
        Outcome.SOFT_GONE: "says it is gone",
        Outcome.MOVED: "moved",
        Outcome.BLOCKED: "blocked",
        Outcome.EMPTY: "empty",
        Outcome.REFUSED: "refused",
        Outcome.FAILED: "failed",
    },
}

_TOLD: Mapping[Lang, Mapping[Told, str]] = {
    "zh": {
        Told.NOTHING: "尚未比较",
        Told.LIVE: "在线",
        Told.REMOVED: "已撤下",
        Told.MOVED: "已迁址",
        Told.TAMPERED: "疑遭篡改",
    },
    "en": {
        Told.NOTHING: "not compared yet",
        Told.LIVE: "live",
        Told.REMOVED: "withdrawn",
        Told.MOVED: "moved",
        Told.TAMPERED: "suspected tampering",
    },
}

_FLAGS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "traditional": "原文为繁体",
        "pinyin-injected": "原文夹有拼音",
        "mojibake-repaired": "修复了乱码",
        "decorated": "去掉了装饰符号",
        "cut-tail": "末尾残缺",
        "damaged-bytes": "有损坏的字节",
        "tampered": "疑遭篡改",
        "front": "首页",
    },
    "en": {
        "traditional": "printed in traditional characters",
        "pinyin-injected": "printed with pinyin inside",
        "mojibake-repaired": "damaged characters repaired",
        "decorated": "decoration left out",
        "cut-tail": "cut off at its end",
        "damaged-bytes": "damaged bytes",
        "tampered": "suspected tampering",
        "front": "front page",
    },
}

_KILO = 1024
_HOUR, _DAY = 60, 24 * 60


def say(lang: Lang, key: str, *values: object) -> str:
    """The words for ``key`` with the values put in."""
    return WORDS[lang][key].format(*values)


def outcome_name(outcome: str, lang: Lang) -> str:
    """How a visit ended, in words."""
    return _OUTCOMES[lang].get(Outcome(outcome), outcome) if outcome in set(Outcome) else outcome


def told_name(told: Told, lang: Lang) -> str:
    """What the change log last said of a page, in words."""
    return _TOLD[lang][told]


def flag_name(flag: str, lang: Lang) -> str:
    """What reading a page met, in words; an unknown flag is told as it stands."""
    return _FLAGS[lang].get(flag, flag)


def bytes_name(size: int) -> str:
    """A size for reading: ``812 B``, ``61 KB``, ``2.4 MB``."""
    if size < _KILO:
        return f"{size} B"
    return f"{size / _KILO:.0f} KB" if size < _KILO * _KILO else f"{size / _KILO / _KILO:.1f} MB"


def last_path(url: str) -> str:
    """An address by the end of its path, for want of a name: ``/zwgk/gsgg/``; of a site's own page the host."""
    asked = urlsplit(url)
    parts = [part for part in asked.path.split("/") if part and not part.startswith("index.")]
    return f"…/{'/'.join(parts[-2:])}" if parts else asked.netloc


def apart(first: datetime, moment: datetime, lang: Lang) -> str:
    """How much later (or earlier) a moment is than the first, in the largest unit that fits: ``晚 3 小时``."""
    minutes = round((moment - first).total_seconds() / 60)
    size = abs(minutes)
    if not size:
        return say(lang, "together")
    if size >= 2 * _DAY:
        span = say(lang, "span_days", size // _DAY)
    elif size >= 2 * _HOUR:
        span = say(lang, "span_hours", size // _HOUR)
    else:
        span = say(lang, "span_minutes", size)
    return say(lang, "before_first" if minutes < 0 else "after_first", span)
