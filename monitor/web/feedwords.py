"""What the feeds say, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.tell import Lang

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "author": "市讯",
        "changes": "市讯 · 变化",
        "alerts": "市讯 · 预警",
        "digests": "市讯 · 每日摘要",
        "site": "市讯 · {0}",
        "column": "市讯 · 栏目新文 · {0}",
        "article": "市讯 · 网页 · {0}",
        "story": "市讯 · 报道 {0}",
        "search": "市讯 · 检索 · {0}",
        "digest": "{0} 摘要",
        "detected": "发现于 {0}",
        "published": "发布于 {0}",
        "source": "来源 {0}",
        "watchwords": "关注词：{0}",
        "only_older": "仅见于旧版（第 {0} 版）",
        "compare": "对照新旧两版",
        "kept": "查看存档",
        "tampered": "疑遭篡改，不给出原址链接",
        "more": "另有 {0} 处",
    },
    "en": {
        "author": "Shixun",
        "changes": "Shixun · changes",
        "alerts": "Shixun · alerts",
        "digests": "Shixun · daily digests",
        "site": "Shixun · {0}",
        "column": "Shixun · new in a column · {0}",
        "article": "Shixun · page · {0}",
        "story": "Shixun · story {0}",
        "search": "Shixun · search · {0}",
        "digest": "Digest of {0}",
        "detected": "found {0}",
        "published": "published {0}",
        "source": "source: {0}",
        "watchwords": "watchwords: {0}",
        "only_older": "in an older version only (no. {0})",
        "compare": "compare the two versions",
        "kept": "see what is kept",
        "tampered": "suspected tampering: the page is not linked",
        "more": "{0} more",
    },
}


def say(lang: Lang, key: str, *values: object) -> str:
    """The words for ``key`` with the values put in. Not escaped."""
    return WORDS[lang][key].format(*values)
