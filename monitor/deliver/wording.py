"""What messages say beside what pages say, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.tell import Lang

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "masthead": "市讯",
        "alert": "市讯警示",
        "quiet": "无变化",
        "items": "{0} 项",
        "page": "受关注的网页",
        "watchword": "出现关注词",
        "why": "缘由",
        "when": "发现时间",
        "how": "方式",
        "facts": "涉及",
        "sentence": "原句",
        "unfinished": "（当日未完）",
        "unfinished_week": "（本周未完）",
        "chosen": "（选编：{0}）",
        "edit": "改动",
        "note": "说明",
        "kept": "最后留存的正文",
        "unlinked": "网址（疑遭篡改，已改写，勿直接打开）",
        "more": "另有 {0} 项未列出。",
        "more_lines": "……另有 {0} 条，见完整简报。",
        "archive": "存档",
        "between": "；",
        "and": "、",
        "footer": "由市讯自动发出；收什么由 sites.yaml 的 subscribers 一节决定。",
        "cut_off": "……余 {0} 行见存档。",
    },
    "en": {
        "masthead": "Shixun",
        "alert": "Shixun alert",
        "quiet": "no changes",
        "items": "{0} items",
        "page": "a page that is watched",
        "watchword": "says",
        "why": "Why",
        "when": "Found",
        "how": "How",
        "facts": "Touches",
        "sentence": "It says",
        "unfinished": " (day not over)",
        "unfinished_week": " (week not over)",
        "chosen": " (chosen: {0})",
        "edit": "Edit",
        "note": "Note",
        "kept": "Last text kept",
        "unlinked": "Address (may be hijacked: altered here, do not open it)",
        "more": "{0} more are not listed.",
        "more_lines": "… {0} more lines in the full digest.",
        "archive": "Archive",
        "between": "; ",
        "and": ", ",
        "footer": "Sent by Shixun; what is sent stands under `subscribers` in sites.yaml.",
        "cut_off": "… {0} more lines are in the archive.",
    },
}


def say(lang: Lang, key: str, *values: object) -> str:
    """The words for ``key`` with the values put in."""
    return WORDS[lang][key].format(*values)
