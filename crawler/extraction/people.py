"""Who wrote a page and who handled it: names out of bylines, one name each.

记者, 通讯员, 作者, 文, 图/文 wrote; 编辑, 责编, 选稿, 审核 and kin handled. Accounts, numbers and addresses are nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

AUTHOR_LABELS = (
    r"(?:本[报网]|特约|见习|实习)?(?:作\s*者|记\s*者|通讯员)|撰\s*稿人?|撰\s*文|文\s*[/、]\s*[图片]+|图\s*[/、]\s*文|"
    r"文图|图文|文字"
)
EDITOR_LABELS = (
    r"责\s*任\s*编\s*辑|责\s*编|实习编辑|网站编辑|网络编辑|值班编辑|执行编辑|本文编辑|版面编辑|见习编辑|编\s*辑|编审|编校|选\s*稿|"
    r"审\s*核人?|审\s*校|校\s*对|初\s*审|复\s*审|终\s*审|监\s*制"
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
    r"(?:频道|编辑部|新闻部|新闻中心|记者站|工作室|网|报|社|部|处|办|局|院|街道|中心|委|台|组|团|大学|学院|公司)$"
)
_BYLINE = re.compile(
    r"^[\s(（【\[]*(?P<press>[^\s,，。:：;；()（）]{0,18}?)(?P<role>(?:首席|特约|见习|实习|特派|全媒体|融媒体)*(?:记者|通讯员|实习生|特约评论员|评论员))"
    r"(?P<rest>[\s:：][^。!！?？]{2,60}?)[\s)）】\]]*$"
)
_DEED = re.compile(r"\s*(?:摄影报道|报道|摄影|采写|整理|综合|文/图|图/文)[\s)）】\]]*$")
_NEXT_ROLE = re.compile(
    r"[\s,，;；、(（]*(?:[^\s,，。:：;；、]{0,8}?(?:首席|特约|见习|实习|全媒体)*(?:记者|通讯员|实习生|评论员))[\s:：]+|[\s;；,，(（]*(?:文|图|摄影|摄|文/图|图/文)[\s/]*[)）]?$"
)


def names(value: str) -> tuple[str, ...]:
    """The names in the value of a label (``陈乐 夏荔``, ``李锋、孙广勇``, ``记者王敬照``), in order, nobody left out.

    A lone body (``武汉大学``, ``老干部处``) counts as a name; beside people it is their affiliation and does not.
    """
    value = value.strip(" \t()（）【】[]<>《》:：")
    tokens = [_ROLE_WORDS.sub("", token) for token in _join_single(_SPLIT.split(value))]
    found: list[str] = []
    for token in tokens:
        name = re.sub(r"等$", "", token) if len(token) > 2 else token
        if not name or _NOBODY.match(name):
            continue
        if (
            _NAME.match(name)
            or _LATIN.match(name)
            or (_BODY.match(name) and (len(name) <= 6 or _ORGANISATION.search(name)))
        ):
            found.append(name)
    people = [name for name in found if _NAME.match(name) and not _ORGANISATION.search(name)]
    if people and len(people) < len(found):
        found = [name for name in found if name in people or not _ORGANISATION.search(name)]
    return unique(found)


def byline(text: str) -> tuple[str, ...]:
    """The writers named by a line that is nothing but a byline (``西江日报记者 陈明红 通讯员 朱嘉颖``), else nothing.

    A sentence that begins with a reporter (``东方网记者黄丽春10月7日报道``) is not a byline.
    """
    match = _BYLINE.match(text)
    if match is None or len(text) > 80:
        return ()
    rest = _NEXT_ROLE.sub(" ", _DEED.sub("", match["rest"]))
    tokens = _join_single([token for token in _SPLIT.split(rest) if token])
    if not tokens or not all(_NAME.match(token) for token in tokens):
        return ()
    return unique(token for token in tokens if not _NOBODY.match(token))


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
