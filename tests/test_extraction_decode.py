"""Bytes to text: the bytes decide, whatever is declared, damaged, cut or mixed in."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.decode import Decoded, decode

SIMPLIFIED = "5月7日上午，市党史学习教育第十巡回指导组进驻市文化广电旅游局，并召开会议听取汇报。"
TRADITIONAL = "香港中聯辦與特區政府舉行會議，討論經濟發展、房屋供應和醫療服務等問題。"
BOM = b"\xef\xbb\xbf"


def page(text: str, charset: str, declared: str) -> bytes:
    head = f'<html><head><meta charset="{declared}"><title>{text[:12]}</title></head><body><p>'
    return (head + text * 3 + "</p></body></html>").encode(charset)


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "gbk", "big5", "iso-8859-1", "no-such-charset"])
@pytest.mark.parametrize(
    ("text", "charset", "encoding"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED.replace("党", "㐂"), "gb18030", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL.replace("和", "嘅"), "big5hkscs", "big5"),
    ],
)
def test_the_bytes_decide_whatever_is_declared(text: str, charset: str, encoding: str, declared: str) -> None:
    read = decode(page(text, charset, declared))

    assert read.encoding == encoding
    assert read.text == page(text, charset, declared).decode(charset)
    assert read.flags == ()


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gbk", "gb18030"), ("big5", "big5")])
def test_a_stray_byte_costs_little_and_is_told(charset: str, encoding: str) -> None:
    text = TRADITIONAL if charset == "big5" else SIMPLIFIED
    body = f"<p>{text}</p>".encode(charset) + b"\xff" + f"<p>{text}</p>".encode(charset)

    read = decode(body)

    assert read.encoding == encoding
    assert read.flags == ("damaged-bytes",)
    assert read.text.count(text) == 2


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gbk", "gb18030"), ("big5", "big5")])
def test_a_tail_cut_inside_a_character_is_dropped(charset: str, encoding: str) -> None:
    text = (TRADITIONAL if charset == "big5" else SIMPLIFIED).rstrip("。")

    read = decode(text.encode(charset)[:-1])

    assert read == Decoded(text[:-1], encoding, ("cut-tail",))


def test_a_body_that_ends_in_a_whole_character_is_not_called_cut() -> None:
    assert decode(SIMPLIFIED.encode() + b"\xff").flags == ("damaged-bytes",)


@pytest.mark.parametrize(
    "body",
    [
        BOM + SIMPLIFIED.encode(),
        BOM + SIMPLIFIED.encode("gbk"),
        SIMPLIFIED.encode()[:5] + BOM + SIMPLIFIED.encode()[5:],
    ],
    ids=["front of utf-8", "front of gbk", "inside utf-8"],
)
def test_byte_order_marks_are_taken_off(body: bytes) -> None:
    assert decode(body).text == SIMPLIFIED


def test_a_mark_right_before_a_character_of_gbk_is_taken_off() -> None:
    text = SIMPLIFIED.removeprefix("5月7日")

    assert decode(BOM + text.encode("gbk")).text == text


def test_a_mark_that_an_include_file_left_in_a_gbk_page_does_not_swallow_markup() -> None:
    body = b"<body>" + BOM + b"<p>" + SIMPLIFIED.encode("gbk") + b"</p>"

    assert decode(body).text == f"<body><p>{SIMPLIFIED}</p>"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_by_its_mark(codec: str) -> None:
    mark = {"utf-16": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[codec]

    assert decode(mark + SIMPLIFIED.encode(codec)) == Decoded(SIMPLIFIED, "utf-16")


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n" + SIMPLIFIED.encode(),
        b"PK\x03\x04" + b"x" * 90,
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(range(32)) * 8 + b"\x00" * 20 + b"x",
        b"\x00" * 64,
    ],
)
def test_what_is_no_text_is_called_binary(body: bytes) -> None:
    assert decode(body) == Decoded("", "utf-8", ("binary",))


def test_a_page_padded_with_nuls_is_text() -> None:
    assert decode(SIMPLIFIED.encode("gbk") + b"\x00" * 4096) == Decoded(SIMPLIFIED, "gb18030")


def test_a_page_about_pdf_files_is_text() -> None:
    assert decode("下载 %PDF-1.7 文件".encode()).flags == ()


def test_empty_and_ascii_bodies() -> None:
    assert decode(b"") == Decoded("", "utf-8")
    assert decode(b"<p>404</p>") == Decoded("<p>404</p>", "utf-8")


@pytest.mark.parametrize("word", ["中", "中文", "联通", "娄底", "通知公告"])
def test_a_word_alone_in_gbk(word: str) -> None:
    """``联通`` in GBK is the old trap: it has the shape of UTF-8."""
    assert decode(word.encode("gbk")) == Decoded(word, "gb18030")


def test_what_is_declared_breaks_a_tie_only() -> None:
    """Two rare characters read as badly either way; an article never does."""
    body = "犇".encode("gbk")
    assert decode(b'<meta charset="gb2312">' + body).encoding == "gb18030"
    assert decode(page(SIMPLIFIED, "gbk", "big5")).encoding == "gb18030"


def test_scripts_before_the_text_do_not_crowd_it_out() -> None:
    body = b"<script>/* \xa9 */" + b"var a = 1;\n" * 60_000 + b"</script>" + SIMPLIFIED.encode("gbk")

    assert decode(body).text.endswith(SIMPLIFIED)


@given(st.binary(max_size=400))
def test_any_bytes_give_an_answer(body: bytes) -> None:
    read = decode(body)

    assert read.encoding in {"utf-8", "gb18030", "big5", "utf-16"}
    assert set(read.flags) <= {"binary", "cut-tail", "damaged-bytes"}
    assert "\ufeff" not in read.text


@given(st.text(st.characters(exclude_characters="\ufeff\x00", codec="utf-8"), max_size=200))
def test_every_utf_8_text_is_itself(text: str) -> None:
    body = text.encode()
    read = decode(body)

    assert "binary" in read.flags or read == Decoded(text, "utf-8")


@pytest.mark.parametrize(
    "unit",
    [SIMPLIFIED.encode("gbk"), SIMPLIFIED.encode() + b"\xff", b"\xff\xff\xfa", b"\x81a", b"a\xa9 ", b"\xef\xbb\xbf<"],
    ids=["gbk", "damaged utf-8", "high bytes", "pairs", "stray", "marks"],
)
def test_time_is_linear_in_size(unit: bytes) -> None:
    """Twice the work for the doubled body, with room for a busy machine; quadratic work would be 8 times as much."""

    def seconds(size: int) -> float:
        body = unit * (size // len(unit))
        started = time.process_time()
        decode(body)
        return time.process_time() - started

    small = min(seconds(500_000) for _ in range(3))

    assert min(seconds(4_000_000) for _ in range(2)) < 32 * small + 0.1


def test_random_bytes_end() -> None:
    body = random.Random(7).randbytes(300_000).replace(b"\x00", b"\x01")

    assert decode(body).text
