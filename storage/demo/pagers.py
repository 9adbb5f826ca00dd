"""The paging bars of the publishing systems, each as its lists print it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a list page stands: ``page`` of ``addresses`` (all its pages, as linked from here), ``total`` articles."""

    page: int
    addresses: Sequence[str]
    total: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return len(self.addresses)

    @property
    def next(self) -> str | None:
        """The next page's address, if there is one."""
        return self.addresses[self.page] if self.page < self.pages else None

    @property
    def previous(self) -> str | None:
        """The address of the page before, if there is one."""
        return self.addresses[self.page - 2] if self.page > 1 else None


def _trs(turn: Turn) -> str:
    return f'<script>createPageHTML({turn.pages}, {turn.page - 1}, "index", "html");</script>'


def _vsb(turn: Turn) -> str:
    numbers = "".join(
        f'<span class="p_no_d">{page}</span>'
        if page == turn.page
        else f'<span class="p_no"><a href="{href}">{page}</a></span>'
        for page, href in enumerate(turn.addresses, 1)
    )
    following = f'<span class="p_next p_fun"><a href="{turn.next}">下页</a></span>' if turn.next else ""
    last = f'<span class="p_last p_fun"><a href="{turn.addresses[-1]}">尾页</a></span>' if turn.next else ""
    count = f'<span class="p_t">共{turn.total}条</span>'
    return (
        f'<div class="pb_sys_common pb_sys_normal"><span class="p_pages">{count}{numbers}{following}{last}</span></div>'
    )


def _sudy(turn: Turn) -> str:
    following = (
        f'<a class="next" href="{turn.next}" target="_self"><span>下一页&gt;&gt;</span></a>'
        if turn.next
        else '<a class="next" href="javascript:void(0);" target="_self"><span>下一页&gt;&gt;</span></a>'
    )
    return (
        '<ul class="wp_paging clearfix"><li class="pages_count"><span class="per_page">每页&nbsp;'
        f'<em class="per_count">{turn.per_page}</em>&nbsp;记录&nbsp;</span><span class="all_count">总共&nbsp;'
        f'<em class="all_count">{turn.total}</em>&nbsp;记录&nbsp;</span></li><li class="page_nav">'
        f'<a class="first" href="{turn.addresses[0]}" target="_self"><span>第一页</span></a>{following}'
        f'<a class="last" href="{turn.addresses[-1]}" target="_self"><span>尾页</span></a></li>'
        f'<li class="page_jump"><span class="pages">页码&nbsp;<em class="curr_page">{turn.page}</em>/'
        f'<em class="all_pages">{turn.pages}</em></span></li></ul>'
    )


def _phpcms(turn: Turn) -> str:
    if turn.pages == 1:
        return ""
    numbers = " ".join(
        f"<span>{page}</span>" if page == turn.page else f'<a href="{href}">{page}</a>'
        for page, href in enumerate(turn.addresses, 1)
    )
    before = turn.previous or turn.addresses[0]
    after = turn.next or turn.addresses[-1]
    count = f'<a class="a1">{turn.total}条</a> ' if turn.per_page > 1 else ""
    return f'{count}<a href="{before}" class="a1">上一页</a> {numbers} <a href="{after}" class="a1">下一页</a>'


def _ucap(turn: Turn) -> str:
    before = f'<a href="{turn.previous}">上一页</a>' if turn.previous else "<span>上一页</span>"
    after = f'<a href="{turn.next}">下一页</a>' if turn.next else "<span>下一页</span>"
    return f"<span>共{turn.pages}页</span>{before}<b>{turn.page}</b>{after}"


def _dede(turn: Turn) -> str:
    numbers = "".join(
        f'<li class="thisclass">{page}</li>' if page == turn.page else f"<li><a href='{href}'>{page}</a></li>"
        for page, href in enumerate(turn.addresses, 1)
    )
    after = (
        f"<li><a href='{turn.next}'>下一页</a></li><li><a href='{turn.addresses[-1]}'>末页</a></li>"
        if turn.next
        else ""
    )
    count = f'<li><span class="pageinfo">共 <strong>{turn.pages}</strong>页<strong>{turn.total}</strong>条</span></li>'
    return f"<li>首页</li>{numbers}{after}{count}"


def _nfcms(turn: Turn) -> str:
    after = f'<a class="next" href="{turn.next}">下一页</a>' if turn.next else ""
    before = f'<a class="prev" href="{turn.previous}">上一页</a>' if turn.previous else ""
    return f'{before}<span class="cur">{turn.page}</span>{after}<span class="total">共{turn.pages}页</span>'


def _asp(turn: Turn) -> str:
    before = f'<a href="{turn.previous}">[上一页]</a>' if turn.previous else "[上一页]"
    after = f'<a href="{turn.next}">[下一页]</a>' if turn.next else "[下一页]"
    return f"共{turn.total}条 第{turn.page}/{turn.pages}页 {before} {after}"


def _none(turn: Turn) -> str:
    return ""


_PAGERS: dict[str, Callable[[Turn], str]] = {
    "trs": _trs,
    "vsb": _vsb,
    "sudy": _sudy,
    "phpcms": _phpcms,
    "ucap": _ucap,
    "dede": _dede,
    "nfcms": _nfcms,
    "asp": _asp,
}


def pager(system: str, turn: Turn) -> str:
    """The paging bar of a list (or, for PHPCMS, of an article in parts); empty where a system prints none."""
    return _PAGERS.get(system, _none)(turn)
