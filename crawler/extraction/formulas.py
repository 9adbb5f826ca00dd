"""What officials write again and again and still mean: salutations, closing words, signatures, contacts.

A site's articles may all open and close with the same such line; it is the article's own for all that, and whoever
strikes or alters it has edited the article. No line of these kinds is ever learned as furniture, nor is an entry of
a form.
"""

from __future__ import annotations

import re

_LONGEST = 90
"""Characters above which a line is a sentence of its own, of which only the beginning is asked."""

_OPENS = re.compile(
    r"^[\s(（\[【]*(?:特此|此(?:复|布|令|致|告|函|批)|妥否|当否|敬请|敬礼|谢谢|感谢|以上(?:通[告知]|公[告示]|意见|决定|事项)|"
    r"现(?:将|予|就)|经研究|根据|为(?:了)?|按照|请(?:认真|各|遵照|结合|广大)?|"
    r"本(?:通[告知报]|公[告示]|办法|规定|意见|细则|决定|方案|条例|函|令|批复|目录|名单)|附(?:件|表|录|图)?\s*\d*\s*(?:[:：.、]|$)|附件|"
    r"主送|抄送|抄报|印发|公示(?:期|时间)|报名|受理|投诉|举报|监督|咨询|联系|联络|电话|传真|邮编|邮政编码|地址|电子邮[箱件])"
)
_NAMES = re.compile(
    r"记者|通讯员|摄影|撰文|供稿|撰稿|作者|见习|实习生|(?:编辑|校对|审核|来源|图片|文字|制作)\s*[:：/丨|]|[文图]/|"
    r"联系(?:人|电话|方式|地址)|(?:咨询|监督|举报|投诉|服务|值班|办公|热线)电话|"
    r"(?:起|日)(?:正式)?(?:施行|实施|执行|生效)|有效期|同时废止|解释权"
)
_ADDRESSES = re.compile(r"[:：]$")
_ASIDE = re.compile(r"^[(（\[【][^)）\]】]{1,30}[)）\]】]$")
_STOPS = re.compile(r"[,，。;；!！?？]")
_SIGNS = re.compile(
    r"(?:政府|办公[室厅]|办|委员会|委|局|厅|处|科|院|部|署|中心|公司|协会|学会|商会|联合会|总会|小组|指挥部|大学|学院|学校|中学|小学|医院|银行|"
    r"支队|大队|总队|海关|站|社|所|馆|集团|党组|党委|工会|街道|镇|乡|人大|政协|法院|公安|组织)\s*(?:[(（][^)）]{1,12}[)）])?$"
)
_LONGEST_SIGNATURE = 45
_FIGURE = "[0-9〇○零一二三四五六七八九十]"
_DATE = re.compile(rf"{_FIGURE}{{2,4}}\s*[年./-]\s*{_FIGURE}{{1,3}}\s*(?:[月./-]\s*{_FIGURE}{{1,3}}\s*日?|月)")
_LONGEST_DATED = 40

_ENTRY = re.compile(r"[^\s,，。;；:：]{2,10} ?[:： ] ?\S")
_LONGEST_ENTRY = 40


def is_entry(text: str) -> bool:
    """Whether a canonical line is an entry of a form (当前状态:正常, or a row): it may be filled alike for years."""
    return len(text) <= _LONGEST_ENTRY and _ENTRY.match(text) is not None


def is_formula(text: str) -> bool:
    """Whether a canonical line is of a kind that officials repeat from article to article.

    A sentence that only mentions such words in its midst (…的联系人越来越多,欢迎分享。) is judged by its beginning.
    """
    if _OPENS.match(text) or _ADDRESSES.search(text) or _ASIDE.match(text):
        return True
    if len(text) <= _LONGEST and _NAMES.search(text):
        return True
    if len(text) <= _LONGEST_SIGNATURE and not _STOPS.search(text) and _SIGNS.search(text):
        return True
    return len(text) <= _LONGEST_DATED and _DATE.search(text) is not None
