"""A kept page made harmless: what is left can be looked at, and does nothing and asks nobody for anything.

Only elements, attributes and style functions on the lists below are left, whatever else there may be; lxml's Cleaner
takes the tree apart. The answer's own Content-Security-Policy and sandbox forbid the same once more.
"""

from __future__ import annotations

import re

from lxml import etree, html
from lxml.html import HtmlElement
from lxml_html_clean import Cleaner

_KEPT = (
    "html head body style div p span a b i u s em strong small big sub sup font center br hr h1 h2 h3 h4 h5 h6 "
    "ul ol li dl dt dd table caption thead tbody tfoot tr td th colgroup col img blockquote pre code tt q cite abbr "
    "address article section header footer nav aside main figure figcaption del ins mark time ruby rt rp strike label "
    "fieldset legend details summary"
)
_KILLED = (
    "script noscript template svg math iframe frame frameset noframes noembed meta link base title textarea select "
    "option optgroup input button datalist xmp plaintext listing"
)
"""Taken out with all that is in them. Of other elements that are not kept the text stays: lxml knows no end of an
``embed``, and what follows it would be lost."""

_ATTRIBUTES = (
    "class id style align valign width height bgcolor color face size colspan rowspan border cellpadding cellspacing "
    "dir lang title alt start noshade nowrap hspace vspace datetime hidden open src"
)
_FUNCTIONS = (
    "rgb rgba hsl hsla hwb lab lch oklab oklch calc min max clamp translate translatex translatey scale scalex scaley "
    "rotate skew matrix linear-gradient radial-gradient conic-gradient repeating-linear-gradient cubic-bezier steps "
    "rect inset circle ellipse polygon blur brightness contrast grayscale opacity minmax repeat fit-content and or "
    "only not is where has nth-child nth-last-child nth-of-type nth-last-of-type lang dir"
)

_KNOWN = frozenset(_FUNCTIONS.split())
_CLEANER = Cleaner(
    page_structure=False,
    safe_attrs_only=True,
    safe_attrs=frozenset(_ATTRIBUTES.split()),
    allow_tags=frozenset(_KEPT.split()),
    kill_tags=frozenset(_KILLED.split()),
)

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


def scrub(page: str, no_picture: str = "[图]") -> str:
    """The page as a whole harmless document. ``no_picture`` stands where a picture would have to be fetched."""
    tree = _parsed(page)
    for element in list(tree.iter("img", "image")):
        _settle_picture(element, no_picture)
    for element in tree.iter(etree.Element):
        if style := element.get("style"):
            element.set("style", quiet(style))
        if element.tag == "style":
            element.text = quiet(element.text or "")
        if element.tag != "img" and "src" in element.attrib:
            del element.attrib["src"]
    _CLEANER(tree)
    _begin(tree)
    text: str = html.tostring(tree, encoding="unicode", method="html")
    return "<!DOCTYPE html>\n" + text


def quiet(style: str) -> str:
    """A style sheet, or the declarations of one element, that loads nothing.

    Backslashes are left out first, since with them any name can be spelt otherwise than it reads, and ``<`` since it
    could end the element. An at-rule and a function under a name that no browser knows are passed over
    by it, with all that belongs to them.
    """
    said = style.replace("\\", "").replace("<", "")
    said = _AT_RULE.sub("@inert", said)
    return _CALL.sub(lambda call: call[0] if call[1].lower() in _KNOWN else "inert(", said)


def _parsed(page: str) -> HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        # Nothing in it at all.
        tree = html.document_fromstring(b"<html><body></body></html>")
    if tree.tag != "html":
        outer = html.Element("html")
        outer.append(tree)
        tree = outer
    return tree


def _settle_picture(element: HtmlElement, no_picture: str) -> None:
    """A picture that the page itself holds stays; in place of any other stands what it is called."""
    if _PICTURE.fullmatch(element.get("src", "").strip()):
        element.tag = "img"
        return
    said = " ".join((element.get("alt") or element.get("title") or "").split())[:200]
    element.attrib.clear()
    element.tag = "span"
    for child in list(element):
        element.remove(child)
    element.text = f"{no_picture} {said}".strip()
    element.set("class", "shixun-picture")


def _begin(tree: HtmlElement) -> None:
    """Put our own head's lines first: the charset, the policy, and how plain text looks."""
    head = tree.find("head")
    if head is None:
        head = html.Element("head")
        tree.insert(0, head)
    style = html.Element("style")
    style.text = _PLAIN
    policy = html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    for place, element in enumerate((html.Element("meta", charset="utf-8"), policy, style)):
        head.insert(place, element)
