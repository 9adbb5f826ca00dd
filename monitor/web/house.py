"""What every page is made from: the open archive, the settings, the clock and the screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request

from monitor.config import Settings
from monitor.web.editions import Editions
from monitor.web.screens import Screens
from storage.archive import Archive
from storage.records import china_day


@dataclass(frozen=True, slots=True)
class House:
    """One archive shown. ``clock`` gives the moment, aware; ``pages`` are the names of the routes there are."""

    archive: Archive
    settings: Settings
    clock: Callable[[], datetime]
    screens: Screens
    editions: Editions
    pages: frozenset[str] = frozenset()

    @property
    def today(self) -> date:
        """The China day that it is."""
        return china_day(self.clock())


def house_of(request: Request) -> House:
    """The house that a request came to."""
    house = request.app.state.house
    assert isinstance(house, House)
    return house
