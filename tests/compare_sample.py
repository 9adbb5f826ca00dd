"""Articles as the comparison's tests need them: canonical text given, labels defaulted."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from storage.records import Article, PageKind

OATH = (
    "6月23日,100名新党员代表庄严宣誓入党。据悉,当天全市共4156名新党员同步进行入党宣誓。这是我市深化学习的生动场景。",
    "大力化解“四位”问题。“学位”方面,今年全市累计投资6.89亿元,新增29715个。",
    "会议由市长王建国主持,市委书记李明哲讲话。",
    "目前,各地各部门迅速行动起来,同步开展14场宣讲活动。",
)
"""A small story with figures, a date and people."""


def article(*paragraphs: str, **labels: Any) -> Article:
    """An article with these canonical paragraphs and a headline, a date and a source unless told otherwise."""
    values: dict[str, Any] = {
        "kind": PageKind.ARTICLE,
        "title": "全市新党员集中宣誓",
        "published_at": "2021-12-07",
        "source": "娄底日报",
    }
    return Article(**{**values, "paragraphs": paragraphs, "canonical": paragraphs, **labels})


_HAN = "市委组织开展学习教育活动的是在不了有和人大会议要求认真落实工作重点项目建设王建国李明上下中多少天地水火"
sentences = st.builds(
    lambda words, figure, end: "".join(words) + figure + end,
    st.lists(st.text(_HAN, min_size=1, max_size=6), min_size=1, max_size=5),
    st.sampled_from(["", "4156名", "6.89亿元", ",4月8日", "、三十二户", "12.5%", ",国发〔2021〕5号", ",不得"]),
    st.sampled_from("。。。!;,"),
)
paragraphs = st.builds("".join, st.lists(sentences, min_size=1, max_size=4))
bodies = st.lists(paragraphs, min_size=1, max_size=6)
"""Bodies of Chinese paragraphs, as lists of canonical text."""
