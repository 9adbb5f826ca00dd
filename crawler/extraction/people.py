"""Who wrote a page and who handled it: names out of bylines, one name each.

记者, 通讯员, 作者, 文, 图/文 wrote; 编辑, 责编, 选稿, 审核 and kin handled. Accounts, numbers and addresses are nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

AUTHOR_LABELS = (
    r"(?:本[报网]|特约|见习|实习)?(?:作\s*者|记\s*者|通讯员)|撰\s*稿人?|撰\s*文|采\s*写|执\s*笔|文\s*[/、]\s*[图片]+|图\s*[/、]\s*文|"
    r"\b(?:Author|Writer)|文图|图文|文字|(?:^|(?<=[\s(\[]))文(?=\s*[/|丨:])"
)
EDITOR_LABELS = (
    r"责\s*任\s*编\s*辑|责\s*编|(?:实习|网站|网络|值班|执行|本文|版面|见习|文字|图片|视频|美术|新媒体|本期)编辑|编\s*辑|编审|编校|编发|选\s*稿|"
    r"\bEditor|审\s*核人?|核发|审\s*校|(?:责任)?校\s*对|[初复终一二三]\s*审|监\s*制|值班主任"
)

_ROLE_WORDS = re.compile(
    r"^(?:.{0,10}?(?:报|网|社|台|刊|客户端|传媒|融媒体中心)?(?:全媒体|融媒体|首席|特约|见习|实习|本报|本网)*(?:记者|通讯员|实习生|编辑|作者))[:：\s]*"
)
_SPLIT = re.compile(r"[\s、,，;；/&|]+")
_NAME = re.compile(r"^(?:[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,8}(?:·[\u3400-\u9fff]{1,8})+)$")
_LATIN = re.compile(r"^[A-Z][A-Za-z'.-]+$")
_BODY = re.compile(r"^[\u3400-\u9fff·]{2,20}$")
_NOBODY = re.compile(
    r"^(?:admin\w*|administrator|root|editor|user\w*|test\w*|web\w*|system|null|none|\d[\d-]*|.*@.*|.*https?:.*|未知|佚名|匿名|不详|无|"
    r"管理员|系统管理员|网站管理员|本站|本站原创|网络|互联网|原创|转载|超级管理员|点击|浏览|来源|作者|编辑|记者)$",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"(?:频道|编辑部|新闻部|新闻中心|记者站|工作室|网|报|社|部|处|办|局|院|街道|中心|委|台|组|团|大学|学院|公司|在线|客户端|融媒|传媒)(?:$|·)"
)
_BYLINE = re.compile(
    r"^[\s(（【\[□■◎●▲◆*]*(?P<press>(?:[^\s,，。:：;；()（）]{1,17}(?:报|网|社|台|端|点|闻|线|媒)\s+)?[^\s,，。:：;；()（）]{0,18}?)(?P<role>(?:首席|特约|见习|实习|特派|全媒体|融媒体)*(?:记者|通讯员|实习生|特约评论员|评论员))"
    r"(?P<rest>[\s:：][^。!！?？]{2,60}?)[\s)）】\]]*$"
)
_GLUED_BYLINE = re.compile(
    r"^[\s(（【\[□■◎●▲◆*]*[^\s,，。:：;；()（）]{0,18}?(?:首席|特约|见习|实习|特派|全媒体|融媒体)*记者"
    r"(?P<rest>[\u3400-\u9fff]{2,4}(?:[、\s][\u3400-\u9fff]{1,4}){0,7})"
    r"(?:\s?/\s?[\u3400-\u9fff]{2,6}(?:报导|报道))?[\s)）】\]]*$"
)
"""云溪社记者陈明、李红 and 记者陈明/云溪报导: names that follow their role at once, told by their surnames."""
_EDITOR_BEHIND = re.compile(r"[\s,，;；(（]+[^\s,，;；]{0,6}?(?:编辑|责编|校对|审核)[\s:：/].*$")
"""The editor who stands behind the reporters in one line with them (云经记者 陈明 云经编辑 李红)."""
_FILED = re.compile(r"^.{0,6}?(?:报道|报导|摄影|综合|连线)$")
_ASIDE = re.compile(r"(?<=[\u3400-\u9fff])[(（][^()（）]{0,30}(?:[)）]|$)|[,，]\s*系.*$")
"""What a byline says of a writer in brackets or behind the name: 陈明(云溪大学教授)."""
_SIGNED = re.compile(
    r"^[\s(（□■●◎○◇◆]*(?P<rest>[\u3400-\u9fff·]{2,8}(?:[\s、][\u3400-\u9fff·]{2,8}){0,3})"
    r"\s*[/ ]\s*(?:文/图|图/文|文图|图文|文)(?:\s+[\u3400-\u9fff]{2,4}\s*[/ ]\s*(?:图|摄|摄影))?[)）]?$|"
    r"^[□■●◎○◇◆]\s*(?P<bare>[\u3400-\u9fff·]{2,8}(?:[\s、][\u3400-\u9fff·]{2,8}){0,3})$"
)
"""陈明/文 李红/图 and □ 陈明: people who sign without a word for what they are."""
_SUPERUSER = re.compile(r"super\s*user|\S{0,4}管理员", re.IGNORECASE)
_MARKS_OF_NO_NAME = re.compile(r"综合|整理|转载|来源|网络|连线")
_NO_NAME = frozenset({"连线", "时评", "成长", "金融", "安全", "高端"})
"""Words that begin as names do."""
_PLACE = re.compile(r"[省市县区]")
_LONGEST_BODY = 6
_LONGEST_PEN_NAME = 10
"""Characters of what is not called as a person is: an office that is no organisation by its name, a lone pen name."""
_DEED = re.compile(
    r"(?:\s*[|｜]\s*[\u3400-\u9fff、\s]{2,20}?(?=报道)|\s+[\u3400-\u9fff]{2,4}(?=报道|摄影报道|电$))?\s*"
    r"(?:摄影报道|报道|摄影|采写|整合|整理|综合|编译|电|文/图|图/文)[\s)）】\]]*$"
)
_PICTURED = re.compile(r"[\u3400-\u9fff]{2,4}\s*[/|]\s*(?:图|摄影|摄|视频|制图)(?![/、])")
_ROLE_BEHIND = re.compile(r"(?<=[\u3400-\u9fff])\s*[/|]\s*文(?![\u3400-\u9fff])")
"""What 陈明/文 李红/图 says of each: only the writer counts."""
_POST = re.compile(
    r"^[\u3400-\u9fff、·()]{0,30}?(?:书记|常委|主席|省长|市长|州长|盟长|区长|县长|旗长|乡长|镇长|部长|厅长|局长|处长|科长|主任|会长|理事长|秘书长|"
    r"院长|校长|所长|馆长|台长|社长|董事长|总经理|总裁|总编辑|教授|研究员)\s(?P<name>[\u3400-\u9fff ]{2,5})$"
)
"""云溪市文化局局长 陈明: a signed article's writer, behind the post."""
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文殷樊兰施洪翟安颜倪牛温芦季俞"
    "章鲁葛伍申尤毕聂柴焦骆齐欧柳纪庄梅盛童刁岳阎褚左窦鲍甘祝管柯阮耿卜单裴霍屈成包祁谷冷凌宁卓华费岑滕邬傅湛"
    "禹狄臧茅庞舒项席麻娄昝裘缪郁杭诸崔吉钮嵇荀惠甄储靳巫隗宓栾厉戎詹郜蒲邰蔺屠池闻莘贡姬冉桑桂濮扈冀尚晏瞿茹艾暨匡寇阙鞠苗涂车佘辛仇"
    "印占初邸栗苑亓郄撒鹿隋边盖衣戚阚奚宫商丛战丰原连谌帅揭漆敖粟麦仝岑练钦蓝危卫戈尧区银邝咸闭班薄赫鄢竺覃税"
)
_REPORTERS = (
    re.compile(r"^.{0,40}?(?:讯|电|消息|报道)\s*[(（](?P<rest>[^()（）]{0,20}(?:记者|通讯员)[^()（）]{2,50})[)）]"),
    re.compile(r"[(（](?P<rest>[^()（）]{0,16}(?:记者|通讯员)[^()（）]{2,50})[)）][。.]?$"),
    re.compile(
        rf"^[\s【\[(（]*[^\s,，。]{{0,12}}?(?P<rest>记者\s?[{_SURNAMES}][\u3400-\u9fff]{{1,3}}"
        rf"(?:[、\s][{_SURNAMES}][\u3400-\u9fff]{{1,3}}){{0,4}}?)"
        r"(?:摄影)?报道[\s:：)）】]"
    ),
    re.compile(
        r"^[\s【\[]*[^\s,，。]{0,12}?(?P<rest>记者\s?[^\d,，。:：]{2,16}?)\s?\d{1,2}月\d{1,2}日\s?"
        r"(?:报道|讯|电|消息)"
    ),
)
"""Where a report names its reporters inside its text: 本报讯(记者 …), the last words in brackets, …记者某某7日报道."""
_REPORTER = re.compile(
    r"[^\s,，;；、:：/]{0,12}?(?:首席|特约|见习|实习|特派|全媒体|融媒体|摄影|文字)*(?:记者|通讯员|实习生|评论员)[\s:：/]*"
)
_NEXT_ROLE = re.compile(
    r"[\s,，;；、(（]*(?:[^\s,，。:：;；、]{0,8}?(?:首席|特约|见习|实习|全媒体)*(?:记者|通讯员|实习生|评论员))(?:[\s:：/]+|(?=[\u3400-\u9fff]{2,4}(?:[\s、,，]|$)))|[\s;；,，(（]*(?:文|图|摄影|摄|文/图|图/文)[\s/]*[)）]?$"
)


def names(value: str) -> tuple[str, ...]:
    """The names in the value of a label (``陈乐 夏荔``, ``李锋、孙广勇``, ``记者王敬照``), in order, nobody left out.

    A lone body (``武汉大学``, ``老干部处``) counts as a name; beside people it is their affiliation and does not.
    """
    value = _ASIDE.sub(" ", _SUPERUSER.sub(" ", value).strip(" \t()（）【】[]<>《》:："))
    tokens = [_ROLE_WORDS.sub("", token) for token in _join_single(_SPLIT.split(value))]
    longest = _LONGEST_PEN_NAME if len(tokens) == 1 and not _PLACE.search(value) else _LONGEST_BODY
    found: list[str] = []
    for token in tokens:
        name = re.sub(r"等$", "", token) if len(token) > 2 else token
        if not name or _NOBODY.match(name) or _MARKS_OF_NO_NAME.search(name) or (_FILED.match(name) and found):
            continue
        if (
            _NAME.match(name)
            or _LATIN.match(name)
            or (_BODY.match(name) and (len(name) <= longest or _ORGANISATION.search(name)))
        ):
            found.append(name)
    people = [name for name in found if _NAME.match(name) and not _ORGANISATION.search(name)]
    if people and len(people) < len(found):
        found = [name for name in found if name in people or _LATIN.match(name)]
    return unique(found)


def byline(text: str) -> tuple[str, ...]:
    """The writers named by a line that is nothing but a byline (``西江日报记者 陈明红 通讯员 朱嘉颖``), else nothing.

    A sentence that begins with a reporter (``东方网记者黄丽春10月7日报道``) is not a byline.
    """
    if len(text) > 80:
        return ()
    glued = _GLUED_BYLINE.match(text)
    if glued and are_people(glued["rest"]):
        return names(glued["rest"])
    match = _BYLINE.match(text)
    if match is None:
        signed = _SIGNED.match(text)
        people = (signed["rest"] or signed["bare"]) if signed else ""
        return names(people) if are_people(people) else ()
    rest = _EDITOR_BEHIND.sub("", _ROLE_BEHIND.sub("", _PICTURED.sub("", match["rest"])))
    rest = _NEXT_ROLE.sub(" ", _DEED.sub("", rest))
    tokens = _join_single([token for token in _SPLIT.split(rest) if token])
    if not all(_NAME.match(token) for token in tokens) or not any(_is_surnamed(token) for token in tokens):
        return ()
    return unique(token for token in tokens if not _NOBODY.match(token))


def named_inside(text: str) -> tuple[str, ...]:
    """The reporters that a paragraph of a report names in brackets at its beginning or end, else nothing.

    ``记者从市卫健委获悉`` names nobody, and what stands in brackets beside a name (post, place) is none.
    """
    match = next((found for pattern in _REPORTERS if (found := pattern.search(text))), None)
    if match is None:
        return ()
    rest = _REPORTER.sub(" ", _DEED.sub("", match["rest"]))
    tokens = _join_single([token for token in _SPLIT.split(rest) if token])
    return unique(t for t in tokens if _NAME.match(t) and not _ORGANISATION.search(t) and not _NOBODY.match(t))


def behind_post(text: str) -> tuple[str, ...]:
    """The person that a line of a byline, or a part of it between bars, names behind a post alone, else nothing.

    What else a line says of a post (市长 陈明 主持会议) makes it no byline.
    """
    parts = [part.strip(" ()-—") for part in text.replace("｜", "|").split("|")] if " " in text else []
    found = next((match["name"] for part in parts if (match := _POST.match(part))), "")
    return names(found.replace(" ", "")) if are_people(found.replace(" ", "")) else ()


def are_writers(text: str) -> bool:
    """Whether words behind a date are several people, some by a pen name (陈一刀 阿宝姐): one has a whole name."""
    tokens = [token for token in _SPLIT.split(text.strip()) if token]
    whole = any(len(token) == 3 and _is_surnamed(token) for token in tokens)
    return len(tokens) > 1 and whole and all(_NAME.match(t) and not _ORGANISATION.search(t) for t in tokens)


def are_people(text: str) -> bool:
    """Whether a short text is nothing but people's names, told by their surnames; 精彩看点 and 云溪日报 are none."""
    tokens = _join_single([_ROLE_WORDS.sub("", token) for token in _SPLIT.split(text.strip()) if token])
    return bool(tokens) and all(_NAME.match(t) and _is_surnamed(t) and not _ORGANISATION.search(t) for t in tokens)


def _is_surnamed(name: str) -> bool:
    return ("·" in name or name[0] in _SURNAMES) and name not in _NO_NAME


def unique(found: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order of their first coming."""
    return tuple(dict.fromkeys(found))


def _join_single(tokens: list[str]) -> list[str]:
    """张 三 is one name: two single characters in a row belong together."""
    joined: list[str] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        following = tokens[position + 1] if position + 1 < len(tokens) else ""
        if len(token) == 1 and len(following) == 1 and "\u3400" <= token <= "\u9fff":
            joined.append(token + following)
            position += 2
            continue
        joined.append(token)
        position += 1
    return joined
