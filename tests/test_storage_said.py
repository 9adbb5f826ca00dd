"""What versions say as it is packed: read back to the letter, whatever was printed and made canonical of it."""

from __future__ import annotations

import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.bodies import spread, squeeze
from storage.codec import article_from_json, article_to_json
from storage.errors import BodyUnreadable
from storage.records import Article, PageKind
from storage.sql.said import COMMON, said_of, said_values, text_of

PRINTED = ("近日，市政府召开会议（第３次）。", "会议指出：要抓好落实！")
FOLDED = tuple(unicodedata.normalize("NFKC", said) for said in PRINTED)


def written(paragraphs: tuple[str, ...], canonical: tuple[str, ...]) -> Any:
    """A row as it is kept, of the first version of a page."""
    article = Article(PageKind.ARTICLE, "题", paragraphs=paragraphs, canonical=canonical, template="ab")
    return SimpleNamespace(**said_values(article, None), first_packed=None)


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
    plain = spread(row.packed, COMMON).decode()
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
    article = Article(PageKind.ARTICLE, "题", paragraphs=PRINTED, canonical=FOLDED, template="ab")
    plain = f"{article_to_json(article, whole=False)}\n{chr(10).join(FOLDED)}".encode()
    found = read(SimpleNamespace(packed=squeeze(plain, COMMON), first_packed=None))
    assert (found.paragraphs, found.canonical) == (PRINTED, FOLDED)


def test_a_cell_without_an_end_is_damaged() -> None:
    with pytest.raises(BodyUnreadable):
        said_of(SimpleNamespace(packed=squeeze(b"{}", COMMON), first_packed=None))
