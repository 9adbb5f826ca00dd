"""Where a new site's lines go in a file that a person keeps: nothing that stands there is touched."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sites import load_catalogue
from crawler.yamledit import NoPlace, new_site
from crawler.yamlfile import read_yaml

ADDED = [("https://www.luoyuan.example/yw/", "要闻"), ("https://www.luoyuan.example/a?b=1&c=#d: e", "")]


def add(text: str) -> str:
    return new_site(text, "luoyuan", "洛原: 市", ADDED).into(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sites:", ""),
        ("# 目录\ncontact: a@b.example\n\n'sites' :\n", ""),
        ("sites:\n", "\n# 以下是样例\n#  loudi:\n#    name: 娄底\ndigest: {at: '07:30'}\n"),
        ("sites:   # 全部站点\n", "contact:\n"),
        (
            "sites:\n  a:\n    name: 甲\n    columns: [http://a.example/]   # 尾注\n    # delay: 2\n",
            "\n# 简报\ndigest:\n  at: '7'\n",
        ),
        ("sites:\n  a: {name: 甲, columns: [http://a.example/]}\n", "# 顶格的注属于下文\ncontact: x\n"),
        ("sites:\n  a:\n    name: |\n      甲\n      # 不是注\n    columns:\n      - http://a.example/\n", "\n\n"),
        ("sites:\n  a:\n    columns:\n      - http://a.example/\n    name: >-\n      甲\n      乙\n", "\n...\n"),
        ("sites:\n  a:\n    name: 甲\n    columns: [http://a.example/]\n    hosts:\n", "contact:\n"),
        ("%YAML 1.1\n---\nsites:\n  a: &a\n    name: 甲\n    columns: [http://a.example/]\n  b: *a\n", ""),
        ('"sites":\n  "0571":\n    name: "甲"\n    columns: ["http://a.example/"]\n  # 停用: b\n', ""),
    ],
)
def test_it_stands_behind_the_last_site_and_the_comments_about_it(before: str, after: str) -> None:
    entry = f"""  luoyuan:
    name: "洛原: 市"
    columns:
      - {ADDED[0][0]}  # 要闻
      - "{ADDED[1][0]}"
"""
    assert add(before + after) == before + ("" if before.endswith("\n") else "\n") + entry + after


NEIGHBOURS = """\
sites:
    a:
       name: 甲
       columns:
       - http://a.example/

    b:
       name: 乙
       columns:
       - http://b.example/
"""
BESIDE_THEM = f"""
    luoyuan:
       name: "洛原: 市"
       columns:
       - {ADDED[0][0]}  # 要闻
       - "{ADDED[1][0]}"
"""


def test_it_is_set_out_as_its_neighbours_are() -> None:
    assert add(NEIGHBOURS) == NEIGHBOURS + BESIDE_THEM


def test_lines_end_as_the_file_s_do_and_an_unended_last_line_is_ended() -> None:
    text = "sites:\r\n  a: {name: 甲, columns: ['http://a.example/']}"
    added = add(text).removeprefix(text)
    assert added.startswith("\r\n  luoyuan:\r\n")
    assert added.endswith('"\r\n')
    assert added.count("\n") == added.count("\r\n")


@pytest.mark.parametrize("key", ["yes", "No", "null", "0571", "1e3", "on"])
def test_what_yaml_would_guess_at_is_quoted(key: str) -> None:
    text = new_site("sites:", key, "no", [("http://a.example/", "")]).into("sites:")
    assert f'\n  "{key}":\n    name: "no"\n' in text


@pytest.mark.parametrize(
    "name", ['甲 "乙" # 丙', "甲\\乙", "甲: 乙", "- 甲", "𠮷田\u200b\x07村", "{甲}", "!甲", "\ufeff"]
)
def test_any_name_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    added = new_site("sites:", "a", name, [("http://a.example/", "x\ny # z")])
    (tmp_path / "sites.yaml").write_text(added.into("sites:"), "utf-8")
    assert load_catalogue(tmp_path).sites["a"].name == name


def test_the_line_told_is_the_entry_s_first() -> None:
    text = (
        "sites:\n  a:\n    name: 甲\n    columns: [http://a.example/]\n\n  b: {name: 乙, columns: [http://b.example/]}"
    )
    insertion = new_site(text, "luoyuan", "洛原", ADDED)
    lines = insertion.into(text).splitlines()
    assert lines[insertion.line - 1] == "  luoyuan:" == insertion.entry[0]
    assert tuple(lines[insertion.line - 1 :][: len(insertion.entry)]) == insertion.entry


@pytest.mark.parametrize(
    "text",
    [
        *("sites: {}\n", "sites: {a: {name: 甲, columns: [http://a.example/]}}\n", "sites: ~\n", 'sites: ""\n'),
        *("sites: []\n", "{sites: }\n", "- a\n", "", "# 空\n"),
    ],
)
def test_where_lines_cannot_be_put_in_it_says_so(text: str) -> None:
    with pytest.raises(NoPlace, match="`sites:`"):
        add(text)


COMMENTS = st.sampled_from(["# 注", "# sites:", "#  - http://x.example/", "# name: 'x", "#", '# {["', "# 注: é"])
NAMES = st.sampled_from(
    [
        *("甲", "'0571'", '"no"', "no", "!!str 甲", "&{key} 甲", "甲 #乙"),
        *("|\n{deep}甲\n{deep}# 乙", ">-\n{deep}甲\n{deep}乙", "'甲\n\n{deep}乙'"),
    ]
)


@st.composite
def entries(draw: st.DrawFn, number: int, indent: int) -> str:
    """One site as somebody may have written it, with a name, columns, and a setting or two."""
    key, host, at = f"s{number}", f"http://s{number}.example", " " * indent
    if draw(st.integers(0, 4)) == 0:
        return f"{at}{key}: {{name: 甲, columns: [{host}/a/, '{host}/b/']}}\n"
    part = at + " " * draw(st.integers(1, 4))
    dash = part + " " * draw(st.integers(0, 3))
    name = draw(NAMES).replace("{deep}", part + "  ").replace("{key}", key)
    ways = (f"[{host}/a/]", f"\n{dash}- {host}/a/\n{dash}-   '{host}/b/'", f"\n{dash}- >-\n{dash}    {host}/a/")
    settings = (f"{part}delay: 2\n", f"{part}hosts:\n", f"{part}removal: {{visits: 3}}\n")
    parts = [f"{part}name: {name}\n", f"{part}columns: {draw(st.sampled_from(ways))}\n"]
    parts += draw(st.lists(st.sampled_from(settings), max_size=2, unique=True))
    lines = f"{at}{key}:\n" if draw(st.booleans()) else f"{at}{key}:   {draw(COMMENTS)}\n"
    for each in draw(st.permutations(parts)):
        # Behind text in a block, a line that looks like a comment would be text.
        in_block = lines.endswith(("乙\n", "甲\n", f"    {host}/a/\n"))
        lines += (
            each if in_block or draw(st.integers(0, 2)) else f"{' ' * draw(st.integers(0, 8))}{draw(COMMENTS)}\n{each}"
        )
    return lines


@st.composite
def catalogues(draw: st.DrawFn) -> str:
    """A sound ``sites.yaml`` with comments and gaps in any place that takes them."""
    gaps = st.sampled_from(["", "", "\n", "\n\n", "# 注\n", "\n  # 深注\n", "\n# 注\n\n"])
    indent = draw(st.integers(1, 6))
    text = (
        draw(gaps)
        + draw(st.sampled_from(["", "contact: a@b.example\n", "contact:\n", "defaults: {delay: 1}\n"]))
        + draw(gaps)
    )
    count = draw(st.integers(0, 4))
    text += draw(st.sampled_from(["sites:\n", "sites:  # 全部\n", "'sites' :\n"])) + draw(gaps)
    for number in range(count):
        text += draw(entries(number, indent)) + ("\n" if draw(st.booleans()) else "")
    text += draw(
        st.sampled_from(["", "digest:\n  at: '07:30'\n", "# 完\n", "\n\n# 简报\ndigest:\n", "database: x\n# 完\n"])
    )
    # A block of text at the end of a file says one newline more once its last line is ended: see test_enrol.
    in_block = text.endswith(("甲\n", "乙\n", "/a/\n"))
    text = text if in_block or draw(st.integers(0, 3)) else text.removesuffix("\n")
    return text.replace("\n", "\r\n") if draw(st.integers(0, 3)) == 0 else text


def read(text: str) -> dict[str, object]:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        return read_yaml(Path(file.name)).data


@given(catalogues())
def test_any_sound_catalogue_takes_a_site_and_keeps_its_own_lines(text: str) -> None:
    insertion = new_site(text, "luoyuan", "洛原: 市", ADDED)
    new = insertion.into(text)
    head, tail = text[: insertion.offset], text[insertion.offset :]
    assert new == head + insertion.text + tail
    assert not head or head.endswith("\n") or not tail
    known, told = read(text), read(new)
    added = {"name": "洛原: 市", "columns": [url for url, _ in ADDED]}
    assert told == known | {"sites": (known.get("sites") or {}) | {"luoyuan": added}}
