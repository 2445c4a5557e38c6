"""What is worked out when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar, cast

_T = TypeVar("_T")


class Once(Generic[_T]):
    """Calls `make` when it is first called, and gives what that gave from then on.

    As `functools.cache` does for a function without arguments, which costs ten times as much to
    make; an evaluation makes hundreds that nobody calls.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make: Callable[[], _T] | None = make
        self._made: _T | None = None

    def __call__(self) -> _T:
        """What there is, made if it was not."""
        if self._make is not None:
            self._made = self._make()
            self._make = None
        return cast("_T", self._made)
