"""Sets paragraphs in the markup that editors and systems leave behind, and rewrites it unseen by readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from storage.demo.truth import Block, Form

_INDENT = "　　"
_DIGITS = re.compile(r"(\d+(?:\.\d+)?)")
_SIGN = {
    "font": '<p align="right"><font size="3">{}</font></p>\n',
    "br": '<div align="right">{}</div>\n',
}
_WIDTHS = str.maketrans("（）：；！，？％", "():;!,?%")
_WIDE_DIGITS = str.maketrans("0123456789%", "０１２３４５６７８９％")


def half_width(text: str) -> str:
    """The same text with half-width brackets and stops, as another input method types them."""
    return text.translate(_WIDTHS)


def full_width(text: str) -> str:
    """The same text with full-width digits."""
    return text.translate(_WIDE_DIGITS)


def spaced(text: str) -> str:
    """The same text with blanks around its figures, as some editors' tools put them."""
    return re.sub(r"(?<=[一-鿿])(?=\d)|(?<=\d)(?=[一-鿿])", " ", text)


def _plain(text: str) -> str:
    return f"<p>{_INDENT}{text}</p>\n"


def _indent(text: str) -> str:
    return f'<p style="text-indent: 2em;">{text}</p>\n'


def _styled(text: str) -> str:
    return (
        '<p style="text-align: justify; line-height: 2; text-indent: 2em; margin-top: 0px;">'
        f'<span style="font-size: 16pt; font-family: 仿宋,仿宋_GB2312;">{text}</span></p>\n'
    )


def _word(text: str) -> str:
    latin = _DIGITS.sub(r'<span lang="EN-US" style="font-family:&quot;Times New Roman&quot;">\1</span>', text)
    return (
        '<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0;line-height:150%">'
        f'<span style="font-size:16.0pt;mso-bidi-font-size:11.0pt;font-family:仿宋_GB2312">{latin}'
        "<o:p></o:p></span></p>\n"
    )


def _nested(text: str) -> str:
    return f'<p style="text-align:left"><span><span style="color:rgb(51,51,51)">{_INDENT}{text}</span></span></p>\n'


def _upper(text: str) -> str:
    return f"<P>{_INDENT}{text}</P>"


def _br(text: str) -> str:
    return f"{_INDENT}{text}<br>\r\n<br>\r\n"


def _font(text: str) -> str:
    return f'<font face="宋体" size="3">{_INDENT}{text}</font><BR>\r\n<BR>\r\n'


def _div(text: str) -> str:
    return f'<div class="para">{_INDENT}{text}</div>\n'


def _section(text: str) -> str:
    return (
        '<section style="margin: 0px; padding: 0px; box-sizing: border-box;"><p style="white-space: normal;">'
        f'<span style="letter-spacing: 1px;">{text}</span></p></section>\n'
    )


def _loose(text: str) -> str:
    return f"<p >\n\t&nbsp;&nbsp;&nbsp;&nbsp;{text}\n</p>\n<p>&nbsp;</p>\n"


def _reordered(text: str) -> str:
    return f'<p align="justify" class="p1" style="text-indent:2em;line-height:2em">{text}</p>\n'


_MARKUPS: dict[str, Callable[[str], str]] = {
    "plain": _plain,
    "indent": _indent,
    "styled": _styled,
    "word": _word,
    "nested": _nested,
    "upper": _upper,
    "br": _br,
    "font": _font,
    "div": _div,
    "section": _section,
    "loose": _loose,
    "reordered": _reordered,
}


def _table(rows: Sequence[str]) -> str:
    lines = []
    for place, row in enumerate(rows):
        tag = "th" if place == 0 else "td"
        cells = "".join(f'<{tag} style="border:1px solid #000">{cell}</{tag}>' for cell in row.split("\t"))
        lines.append(f"<tr>{cells}</tr>\n")
    return f'<table border="1" cellspacing="0" cellpadding="0" width="600"><tbody>\n{"".join(lines)}</tbody></table>\n'


def _special(block: Block, text: str, style: str, image: str) -> str:
    if block.form is Form.SUBHEAD:
        if style in ("br", "font"):
            return f"<b>{_INDENT}{text}</b><br>\r\n<br>\r\n"
        return f'<p style="text-indent: 2em;"><strong>{text}</strong></p>\n'
    if block.form is Form.CAPTION:
        picture = f'<img src="{image}" alt="" border="0" width="600">'
        if style in ("br", "font"):
            return f"<center>{picture}<br>\r\n{text}</center><br>\r\n"
        return (
            f'<p style="text-align: center;">{picture}</p>\n'
            f'<p style="text-align: center;"><span style="color:#555;font-size:14px">{text}</span></p>\n'
        )
    return _SIGN.get(style, '<p style="text-align: right;">{}</p>\n').format(text)


def styles_of(style: str, markup: int) -> tuple[str, Callable[[str], str]]:
    """The paragraph markup and the rewriting of text that a count of unseen rewrites comes to; 0 leaves all as is."""
    kind = markup % 7
    if kind == 1:
        return ("plain" if style in ("br", "font", "upper") else "br"), str
    if kind == 2:
        return "loose", str
    if kind == 3:
        return "reordered", str
    if kind == 4:
        return style, half_width
    if kind == 5:
        return style, full_width
    return style, spaced if kind == 6 else str


def rewrite_title(title: str, markup: int) -> str:
    """A headline after the same unseen rewrites as its body."""
    return styles_of("plain", markup)[1](title)


def set_body(blocks: Sequence[Block], style: str, markup: int, image: str) -> str:
    """The HTML of a body. ``image`` is the address of its pictures; ``markup`` as in `styles_of`."""
    style, rewrite = styles_of(style, markup)
    paragraph = _MARKUPS[style]
    pieces: list[str] = []
    rows: list[str] = []
    for block in blocks:
        text = escape(rewrite(block.text), quote=False)
        if block.form is Form.ROW:
            rows.append(text)
            continue
        if rows:
            pieces.append(_table(rows))
            rows = []
        pieces.append(paragraph(text) if block.form is Form.PLAIN else _special(block, text, style, image))
    if rows:
        pieces.append(_table(rows))
    return "".join(pieces)
