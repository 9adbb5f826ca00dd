"""Commands that are loaded when they are asked for: ``--version`` need not wait for what a crawl or a digest needs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class Deferred(TyperCommand):
    """A command known by name. ``place`` is ``module:function``; ``says`` its line in the list of commands.

    ``says`` is how the function's own docstring begins; the rest of it is shown by the command's own ``--help``.
    """

    def __init__(self, name: str, place: str, says: str) -> None:
        super().__init__(name, help=says)
        self.place = place

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """The context of the command itself, which from here on stands in for this one."""
        module, _, function = self.place.partition(":")
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
        alone.command(self.name)(getattr(import_module(module), function))
        return typer.main.get_command(alone).make_context(*arguments, **options)


def group(name: str, says: str, *commands: Deferred) -> TyperGroup:
    """A command that only holds others."""
    return TyperGroup(name=name, help=says, commands=commands, no_args_is_help=True, rich_markup_mode=None)
