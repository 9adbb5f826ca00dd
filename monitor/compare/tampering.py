"""Whether a page was hijacked between two versions, by what search engines and nobody else are shown.

Evidence is weighed and summed; ``TAMPERED`` and more is a hijack. What an owner does honestly stays below: a new friend
link, a lottery bureau's notice, a police story on 网络赌博, a counter service, a jump to the WeChat copy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from monitor.compare.signs import Sign, signs_of
from storage.records import Article

TAMPERED = 0.6
"""The sum of evidence from which a page counts as tampered with."""

_SHOWN = 20
_SAID = {
    "title": "网页标题与正文无关",
    "keywords": "关键词与正文无关",
    "description": "网页描述与正文无关",
    "redirects": "跳转到外站",
    "writes": "写入外站脚本",
    "covers": "外站框架遮盖全页",
    "slips": "暗藏外站框架",
    "loads": "载入可疑外站脚本",
    "sells": "新增垃圾外链",
    "woven": "正文词语被加上外站链接",
    "throwaway": "新增可疑域名",
    "paragraphs": "正文插入垃圾段落",
    "shown": "页面插入垃圾文字",
    "defaced": "页面被黑客留言替换",
}
"""What is told of each sign that says more than that there is one."""
_UNREAD = ("alt", "comment", "noscript", "hidden")


def tampering(old: Article | None, new: Article, hosts: Collection[str] = frozenset()) -> dict[str, object] | None:
    """The evidence that ``new`` was hijacked since ``old``, or ``None``.

    ``old`` is the last clean version, ``None`` at first sight: then nothing can be new, and spam words alone count.
    ``hosts`` are the hosts known on the site, its own among them. The evidence names what was newly seen, each key only
    where it applies: ``spam_words`` ({"title"|"keywords"|"description"|"links"|"body": [words]}), ``title``,
    ``keywords`` and ``description`` ({"before", "after"}), ``hidden_links`` ([{"url", "title"}], at most 20) with
    ``hidden_count``, ``redirects`` ([address]), ``entity_coded`` (true), ``paragraphs`` ([text]), the kinds of
    ``storage.records.Mark`` ([what was seen]) and ``score`` (the sum, at most 1).
    """
    signs = list(signs_of(old, new, hosts))
    score = round(sum(sign.weight for sign in signs), 6)
    if score < TAMPERED:
        return None
    evidence: dict[str, object] = {sign.name: sign.seen for sign in signs if sign.name != "spam_words"}
    words = {place: seen for sign in signs if sign.name == "spam_words" for place, seen in _places(sign).items()}
    if words:
        evidence["spam_words"] = words
    hidden = evidence.get("hidden_links")
    if isinstance(hidden, list):
        evidence["hidden_count"] = len(hidden)
    shown = {name: seen[:_SHOWN] if isinstance(seen, list) else seen for name, seen in evidence.items()}
    return shown | {"score": round(min(score, 1.0), 2)}


def note_of(evidence: Mapping[str, object]) -> str:
    """One Chinese line for the reader: what gave the hijack away."""
    words = evidence.get("spam_words")
    said = list(dict.fromkeys(w for seen in words.values() for w in seen)) if isinstance(words, dict) else []
    parts = [
        f"出现垃圾词：{'、'.join(said[:5])}" if said else "",
        *(line for name, line in _SAID.items() if name in evidence),
        f"新增隐藏链接{evidence['hidden_count']}条" if "hidden_count" in evidence else "",
        "暗处堆砌关键词" if any(name in evidence for name in _UNREAD) else "",
    ]
    return "；".join(part for part in parts if part) or "页面出现可疑代码"


def _places(sign: Sign) -> Mapping[str, list[str]]:
    return sign.seen if isinstance(sign.seen, dict) else {}
