"""Small charts drawn as inline SVG: no script, no style of their own, nothing fetched. Pure.

Colours are classes (``k-new``, ``k-edited`` …, ``spark``, ``hour``) that a page's style sheet fills, so that a chart
follows dark mode and paper. Each chart says in words what it shows (``title`` and ``desc``), which a reading voice
tells in its place; labels beside an axis are the page's own text, since text within a chart shrinks on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup, escape

_TALL = 48
_WIDE = 10
_GAP = 2
_SPARK_TALL = 16


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column or a bar: the class that colours it, and how much."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: its pieces from the ground up, and what it is called when it is pointed at."""

    pieces: tuple[Piece, ...]
    name: str = ""

    @property
    def total(self) -> int:
        """All its pieces."""
        return sum(piece.number for piece in self.pieces)


def columns(key: str, bars: Sequence[Bar], title: str, desc: str, *, now: int | None = None) -> Markup:
    """Columns side by side, drawn to the highest. ``key`` is unlike that of any other chart of the page.

    ``now`` is the column that the page is about; the others step back behind it.
    """
    most = max((bar.total for bar in bars), default=0) or 1
    drawn = Markup("").join(
        Markup("<g{0}><title>{1}</title>{2}{3}</g>").format(
            Markup(' class="now"') if place == now else "",
            bar.name,
            _rect("ground", place * _WIDE, 0, _WIDE, _TALL),
            Markup("").join(_stack(bar, place * _WIDE, most)),
        )
        for place, bar in enumerate(bars)
    )
    held = " held" if now is not None else ""
    return _figure(key, f"chart columns{held}", len(bars) * _WIDE, _TALL, title, desc, drawn)


def _stack(bar: Bar, left: int, most: int) -> Iterable[Markup]:
    """A column's pieces, each at least so high that it can be seen."""
    floor = float(_TALL)
    for piece in bar.pieces:
        if piece.number <= 0:
            continue
        height = max(1.0, _TALL * piece.number / most)
        floor -= height
        yield _rect(f"k-{piece.kind}", left + _GAP / 2, max(0.0, floor), _WIDE - _GAP, height)


def bar(key: str, pieces: Sequence[Piece], most: int, title: str, desc: str) -> Markup:
    """Pieces side by side as one bar, drawn to a scale on which ``most`` fills it."""
    starts = accumulate((piece.number for piece in pieces), initial=0)
    drawn = Markup("").join(
        _rect(f"k-{piece.kind}", 100 * start / max(1, most), 0, 100 * piece.number / max(1, most), 4)
        for piece, start in zip(pieces, starts, strict=False)
    )
    return _figure(key, "chart bar", 100, 4, title, desc, _rect("track", 0, 0, 100, 4) + drawn)


def spark(key: str, values: Sequence[int], title: str) -> Markup:
    """A line the height of a letter: how something went, with its last value marked."""
    most = max(values, default=0) or 1
    top, ground = 2.0, _SPARK_TALL - 1.0
    points = [(place * 3, ground - (ground - top) * value / most) for place, value in enumerate(values)]
    if not points:
        return Markup("")
    line = " ".join(f"{_short(x)},{_short(y)}" for x, y in points)
    end_x, end_y = points[-1]
    drawn = Markup(
        '<polyline class="spark" points="{0}"/><circle class="spark-end" cx="{1}" cy="{2}" r="1.6"/>'
    ).format(line, _short(end_x), _short(end_y))
    return _figure(key, "chart line", (len(values) - 1) * 3 + 3, _SPARK_TALL, title, "", drawn, even=True)


def _figure(
    key: str, classes: str, width: int, height: int, title: str, desc: str, drawn: Markup, *, even: bool = False
) -> Markup:
    """The chart with its words; ``even`` keeps its proportions, else it fills the place that it is given."""
    told = Markup('<title id="{0}-t">{1}</title>').format(key, title)
    names = f"{key}-t"
    if desc:
        told += Markup('<desc id="{0}-d">{1}</desc>').format(key, desc)
        names += f" {key}-d"
    return Markup('<svg class="{0}" viewBox="0 0 {1} {2}"{3} role="img" aria-labelledby="{4}">{5}{6}</svg>').format(
        classes,
        max(1, width),
        height,
        "" if even else Markup(' preserveAspectRatio="none"'),
        names,
        told,
        drawn,
    )


def _rect(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    places = "".join(f' {name}="{_short(value)}"' for name, value in (("x", x), ("y", y)) if value)
    return Markup('<rect class="{0}"{1} width="{2}" height="{3}"/>').format(
        escape(kind), Markup(places), _short(width), _short(height)
    )


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
