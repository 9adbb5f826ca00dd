"""A kept page made harmless: what is left can be looked at, and does nothing and asks nobody for anything.

Only elements, attributes and style functions on the lists below are left, whatever else there may be; what is left is
written anew. The answer's own Content-Security-Policy and sandbox forbid the same once more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from lxml import etree

_KEPT = (
    "div p span a b i u s em strong small big sub sup font center br hr h1 h2 h3 h4 h5 h6 "
    "ul ol li dl dt dd table caption thead tbody tfoot tr td th colgroup col img blockquote pre code tt q cite abbr "
    "address article section header footer nav aside main figure figcaption del ins mark time ruby rt rp strike label "
    "fieldset legend details summary"
)
_KILLED = (
    "script noscript template svg math iframe frame frameset noframes noembed meta link base title textarea select "
    "option optgroup input button datalist xmp plaintext listing"
)
"""Taken out with all that is in them. Of other elements that are not kept the text stays: the parser knows no end
of an ``embed``, and what follows it would be lost."""

_ATTRIBUTES = (
    "class id style align valign width height bgcolor color face size colspan rowspan border cellpadding cellspacing "
    "dir lang title alt start noshade nowrap hspace vspace datetime hidden open"
)
_FUNCTIONS = (
    "rgb rgba hsl hsla hwb lab lch oklab oklch calc min max clamp translate translatex translatey scale scalex scaley "
    "rotate skew matrix linear-gradient radial-gradient conic-gradient repeating-linear-gradient cubic-bezier steps "
    "rect inset circle ellipse polygon blur brightness contrast grayscale opacity minmax repeat fit-content and or "
    "only not is where has nth-child nth-last-child nth-of-type nth-last-of-type lang dir"
)

_KNOWN = frozenset(_FUNCTIONS.split())
_KEEP, _KILL = frozenset(_KEPT.split()), frozenset(_KILLED.split())
_KEPT_ATTRIBUTES = tuple(_ATTRIBUTES.split())
_ALONE = frozenset({"br", "hr", "col"})
"""Elements that have no end."""

_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_AT_RULE = re.compile(r"@(?!(?:media|supports)\b)[\w-]*", re.IGNORECASE)
_CALL = re.compile(r"(?<![\w-])(-?[a-z_][\w-]*)\(", re.IGNORECASE)

_PLAIN = (
    "html{background:#fff;color:#222;color-scheme:light}"
    "body{margin:1rem auto;max-width:60rem;padding:0 1rem;font:16px/1.75 sans-serif;overflow-wrap:anywhere}"
    "img,table{max-width:100%}"
    ".shixun-picture{border:1px dashed #999;color:#555;font-size:13px;padding:0 .4em}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_OWN_HEAD = (
    f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}"><style>{_PLAIN}</style>'
)


def scrub(page: str, no_picture: str = "[图]") -> str:
    """The page as a whole harmless document. ``no_picture`` stands where a picture would have to be fetched.

    Takes time in proportion to the page, whatever is in it.
    """
    # Typed loosely: what the stubs know of parsers is that they build a tree.
    target: Any = _Harmless(no_picture)
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    try:
        parser.feed(page.encode("utf-8", "replace"))
        whole: Any = parser.close()
    except etree.ParserError:
        # Nothing in it at all.
        whole = _Harmless(no_picture).close()
    return str(whole)


def quiet(style: str) -> str:
    """A style sheet, or the declarations of one element, that loads nothing.

    Backslashes are left out first, since with them any name can be spelt otherwise than it reads, and ``<`` since it
    could end the element. An at-rule and a function under a name that no browser knows are passed over
    by it, with all that belongs to them.
    """
    said = style.replace("\\", "").replace("<", "")
    said = _AT_RULE.sub("@inert", said)
    return _CALL.sub(lambda call: call[0] if call[1].lower() in _KNOWN else "inert(", said)


class _Harmless:
    """What is left of a page, written as the parser reads it (lxml's parser target).

    No tree is built: to take an element out of one, or to put the ten-thousandth attribute to another, costs more the
    more there are of them.
    """

    def __init__(self, no_picture: str) -> None:
        self._no_picture = no_picture
        self._html, self._body = "", ""
        self._in_head: list[str] = []
        self._in_body: list[str] = []
        self._into = self._in_body
        self._style: list[str] | None = None
        self._dead = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if self._dead or tag in _KILL:
            # All that is in it goes with it, up to its own end.
            self._dead += 1
        elif tag in ("img", "image"):
            self._into.append(_picture(attributes, self._no_picture))
        elif tag == "style":
            self._style = []
            self._into.append(f"<style{_kept(attributes)}>")
        elif tag == "html":
            self._html = self._html or _kept(attributes)
        elif tag == "body":
            self._into, self._body = self._in_body, self._body or _kept(attributes)
        elif tag == "head":
            self._into = self._in_body if self._in_body else self._in_head
        elif tag in _KEEP:
            self._into.append(f"<{tag}{_kept(attributes)}>")

    def end(self, tag: str) -> None:
        """An element ends; the parser ends each that it began, in order."""
        if self._dead:
            self._dead -= 1
        elif tag == "style" and self._style is not None:
            self._into.append(quiet("".join(self._style)) + "</style>")
            self._style = None
        elif tag == "head":
            self._into = self._in_body
        elif tag in _KEEP and tag not in _ALONE:
            self._into.append(f"</{tag}>")

    def data(self, text: str) -> None:
        """Text within the element that is open."""
        if self._dead:
            return
        if self._style is not None:
            self._style.append(text)
        else:
            self._into.append(escape(text, quote=False))

    def close(self) -> str:
        """The document, our own head's lines first: the charset, the policy, and how plain text looks."""
        head, body = "".join(self._in_head), "".join(self._in_body)
        return (
            f"<!DOCTYPE html>\n<html{self._html}><head>{_OWN_HEAD}{head}</head>\n"
            f"<body{self._body}>{body}</body></html>\n"
        )


def _kept(attributes: Mapping[str, str]) -> str:
    """The attributes that may stay, as they are written."""
    told = [(name, attributes[name]) for name in _KEPT_ATTRIBUTES if name in attributes]
    said = [(name, quiet(value) if name == "style" else value) for name, value in told]
    return "".join(f' {name}="{escape(value or "")}"' for name, value in said)


def _picture(attributes: Mapping[str, str], no_picture: str) -> str:
    """A picture that the page itself holds stays; in place of any other stands what it is called."""
    source = (attributes.get("src") or "").strip()
    if _PICTURE.fullmatch(source):
        return f'<img src="{escape(source)}"{_kept(attributes)}>'
    said = " ".join((attributes.get("alt") or attributes.get("title") or "").split())[:200]
    return f'<span class="shixun-picture">{escape(f"{no_picture} {said}".strip())}</span>'
