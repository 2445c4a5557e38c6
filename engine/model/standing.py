"""Standing: on which evidence the letters and flags of an evaluation rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ddcheck.engine.model.company import TIERS


class Standing(NamedTuple):
    """On which tiers the letters of graded metrics rest, and the flags: how many on each.

    Each counts once, by the weakest fact it rests on; the strongest tier stands first. What rests
    on no fact is not counted.
    """

    metrics: tuple[tuple[str, int], ...]
    flags: tuple[tuple[str, int], ...]

    @property
    def strongest(self) -> str | None:
        """The best tier that any letter or flag rests on; None where there is neither."""
        return min((tier for tier, _ in self.metrics + self.flags), key=TIERS.index, default=None)

    @property
    def weakest(self) -> str | None:
        """The tier of the weakest of them."""
        return max((tier for tier, _ in self.metrics + self.flags), key=TIERS.index, default=None)

    @property
    def graded_on(self) -> str | None:
        """The tier that most letters of graded metrics rest on; of equals the weaker one."""
        return max(
            self.metrics, key=lambda item: (item[1], TIERS.index(item[0])), default=(None, 0)
        )[0]


def by_tier(tiers: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    """How often each tier stands among `tiers`, the strongest first."""
    counts = Counter(tiers)
    return tuple((tier, counts[tier]) for tier in TIERS if counts[tier])
