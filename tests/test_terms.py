"""Terms that general dictionaries cut apart, and a home's own list of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.yamlfile import ConfigError
from monitor.terms import TERMS, terms_of, usable_terms
from monitor.words import Lexicon


def test_every_term_is_kept_whole_in_a_sentence() -> None:
    lexicon = Lexicon(TERMS)
    assert [word for word, _ in TERMS if word not in lexicon.said(f"会上，{word}，受到了关注")] == []
    assert len({word for word, _ in TERMS}) > 200


def test_a_home_s_words_come_to_the_others(tmp_path: Path) -> None:
    assert terms_of(tmp_path) == TERMS
    (tmp_path / "words.txt").write_text("\ufeff# 本地\n梧岗区 ns\n\n望汐镇 10 ns\n  鹤浔傩舞\n", "utf-8")
    assert terms_of(tmp_path)[len(TERMS) :] == (("梧岗区", "ns"), ("望汐镇", "ns"), ("鹤浔傩舞", "nz"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("梧岗区\n梧\n", "words.txt:2: ", id="one character"),
        pytest.param("梧" * 25, "words.txt:1: ", id="a sentence"),
        pytest.param("梧岗区 NS 多的", "words.txt:1: ", id="more than a word"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, place: str) -> None:
    (tmp_path / "words.txt").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=place):
        terms_of(tmp_path)
    assert usable_terms(tmp_path) == TERMS
    assert place in caplog.text


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"words\.txt: "):
        terms_of(tmp_path)
