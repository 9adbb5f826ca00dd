"""What versions say as it is packed: read back to the letter, whatever was printed and made canonical of it."""

from __future__ import annotations

import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.bodies import has_magic, spread, squeeze, squeeze_with_magic
from storage.codec import article_from_json, article_to_json
from storage.errors import BodyUnreadable
from storage.letters import is_steady
from storage.records import Article, PageKind
from storage.sql.said import COMMON, said_of, said_values, text_of

PRINTED = ("近日，市政府召开会议（第３次）。", "会议指出：要抓好落实！")
FOLDED = tuple(unicodedata.normalize("NFKC", said) for said in PRINTED)


GB = "gb18030"
PRIVATE = "记者\ue854报道"
"""A text with a letter of the private area, which a later table may take elsewhere."""


def written(paragraphs: tuple[str, ...], canonical: tuple[str, ...], first: Any = None) -> Any:
    """A row as it is kept, of a page's first version or of one that follows it."""
    article = Article(PageKind.ARTICLE, "题", paragraphs=paragraphs, canonical=canonical, template="ab")
    base = None if first is None else (1, first.packed)
    return SimpleNamespace(**said_values(article, base), first_packed=None if first is None else first.packed)


def written_before(article: Article) -> Any:
    """A first version as cells were once: in UTF-8, and printed beside canonical."""
    plain = f"{article_to_json(article, whole=False)}\n{chr(10).join(article.canonical)}"
    return SimpleNamespace(packed=squeeze_with_magic(plain.encode(), COMMON.encode()), first_packed=None)


def read(row: Any) -> Article:
    return article_from_json(*said_of(row), "题", "ab")


@pytest.mark.parametrize(
    ("paragraphs", "canonical", "once"),
    [
        (PRINTED, FOLDED, True),
        # Made canonical otherwise: by another script, or less.
        (PRINTED, (FOLDED[0].replace("议", "議"), FOLDED[1]), False),
        (PRINTED, FOLDED[:1], False),
        (FOLDED, FOLDED, False),
        ((), (), False),
        # Would not come apart again where it was joined.
        (("一行，\n又一行",), ("一行,\n又一行",), False),
        # A letter that no Unicode knows yet may be another one's equal some day.
        (("新字，\u0378",), ("新字,\u0378",), False),
    ],
)
def test_what_is_printed_stands_once_where_the_canonical_text_follows_from_it(
    paragraphs: tuple[str, ...], canonical: tuple[str, ...], once: bool
) -> None:
    row = written(paragraphs, canonical)
    assert text_of(row) == "\n".join(canonical)
    plain = spread(row.packed, COMMON.encode(GB)).decode(GB)
    assert ("\r" in plain) is once
    assert (FOLDED[0] in plain and PRINTED[0] in plain) is (paragraphs == PRINTED and canonical == FOLDED[:1])
    if "\n" not in "".join(canonical):
        found = read(row)
        assert (found.paragraphs, found.canonical) == (paragraphs, canonical)


LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\n\r")


@given(st.lists(st.text(LETTERS, min_size=1), max_size=4).map(tuple), st.booleans())
def test_both_texts_come_back_to_the_letter(paragraphs: tuple[str, ...], folded: bool) -> None:
    canonical = tuple(unicodedata.normalize("NFKC", said) for said in paragraphs) if folded else paragraphs
    found = read(written(paragraphs, canonical))
    assert (found.paragraphs, found.canonical) == (paragraphs, canonical)


def test_a_cell_of_before_is_read_as_it_was_written() -> None:
    row = written_before(Article(PageKind.ARTICLE, "题", paragraphs=PRINTED, canonical=FOLDED, template="ab"))
    found = read(row)
    assert (found.paragraphs, found.canonical) == (PRINTED, FOLDED)
    further = written((*PRINTED, "又讯。"), (*FOLDED, "又讯。"), first=row)
    assert has_magic(row.packed)
    assert not has_magic(further.packed)
    assert text_of(further) == "\n".join((*FOLDED, "又讯。"))


@pytest.mark.parametrize(("first", "then"), [(PRIVATE, "记者报道"), ("记者报道", PRIVATE), (PRIVATE, PRIVATE + "。")])
def test_what_may_be_spelled_otherwise_one_day_is_kept_in_utf_8(first: str, then: str) -> None:
    row = written((first,), (first,))
    further = written((then,), (then,), first=row)
    assert [text_of(row), text_of(further)] == [first, then]
    assert has_magic(row.packed) is (first == PRIVATE)
    assert has_magic(further.packed)


def test_every_letter_that_stays_where_it_is_comes_back_from_gb18030() -> None:
    steady = [letter for letter in map(chr, range(0x110000)) if is_steady(letter)]
    assert "".join(steady).encode(GB).decode(GB) == "".join(steady)
    # What the revisions of 2005 and 2022 moved, and a near miss beside each.
    assert not any(map(is_steady, "\u1e3f\ue7c7\ufe10\ufe19\ue78d\u9fb4\u9fbb\ue854"))
    assert all(map(is_steady, "\u1e3e\ufe20\u9fb3\u9fbc龦㐀𠀀，。"))


@pytest.mark.parametrize("plain", [b"{}", b"{}\n\xff\xff"])
def test_a_cell_without_an_end_or_in_no_letters_is_damaged(plain: bytes) -> None:
    with pytest.raises(BodyUnreadable):
        said_of(SimpleNamespace(packed=squeeze(plain, COMMON.encode(GB)), first_packed=None))
