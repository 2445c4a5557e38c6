"""`ddcheck check --watch`: the loop that waits for files to change, until it is interrupted.

The one place that may block. What is watched and what a change comes to is `engine/commands/
watched.py`; why files are asked for their times instead of the system for notifications stands in
docs/decisions/0010-watching-by-asking.md.
"""

from __future__ import annotations

import gc
import signal
import time
from datetime import datetime
from types import FrameType

from ddcheck.__main__ import deliver
from ddcheck.engine.commands.check import CheckOptions
from ddcheck.engine.commands.outcome import Outcome, Screen
from ddcheck.engine.commands.watched import Moment, Watched, watched
from ddcheck.engine.text.source import Stamp, stamps

#: Kinds of files that a folder is watched for.
SUFFIXES = (".yaml", ".yml", ".md", ".docx")
#: Seconds between two looks; with many files longer, so that looking takes a tenth of the time.
PAUSE = 0.02
_SHARE = 10
#: Seconds until a change counts as done; longer where a file is missing, which an editor that
#: writes by moving is about to put back.
_SETTLED = 0.012
_MISSING = 0.1
#: The most seconds that saves without an end can put off a run.
_PATIENCE = 1.0

_Stamps = dict[str, Stamp | None]


def watch(options: CheckOptions, screen: Screen, *, today: int | None) -> int:
    """Check, and check again after every save until Ctrl-C; the exit code of the last run.

    `today` is the day asked for; None for the clock's. Options that cannot be used end it at once.
    """
    state = watched(options, screen)
    if isinstance(state, Outcome):
        return deliver(state)
    code = 130  # interrupted before anything was judged
    changed: frozenset[str] = frozenset()
    known: _Stamps = {}
    stop = _Stop()
    # Garbage is looked for while nobody waits for a report.
    gc.disable()
    try:
        while True:
            began = time.time_ns()
            code = deliver(state.step(changed, _moment(today)))
            gc.collect()
            changed, known = _next(state, known, began, stop)
    except KeyboardInterrupt:
        return code
    finally:
        gc.enable()
        stop.leave()


class _Stop:
    """Ctrl-C, heard also where Python drops what is raised: while garbage is cleared away."""

    def __init__(self) -> None:
        self.asked = False
        # Where it is ignored (`nohup`) or somebody else hears it, it stays so.
        self._hears = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._hears:
            signal.signal(signal.SIGINT, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        signal.default_int_handler(number, frame)

    def check(self) -> None:
        """Raise KeyboardInterrupt if it was asked for and dropped."""
        if self.asked:
            raise KeyboardInterrupt

    def leave(self) -> None:
        """Put back what heard Ctrl-C before."""
        if self._hears:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _moment(today: int | None) -> Moment:
    now = datetime.now().astimezone()
    return Moment(now.date().toordinal() if today is None else today, f"{now:%H:%M:%S}")


def _next(
    state: Watched, known: _Stamps, began: int, stop: _Stop
) -> tuple[frozenset[str], _Stamps]:
    """Wait until something changes; what, and the stamps that the next run stands on.

    `known` are the stamps from before the run that began at `began`: a file that changed while it
    ran is a change. One that was not watched before counts as changed if it was written since.
    """
    now, _ = _look(state)
    changed = {
        path
        for path, stamp in now.items()
        if (known[path] != stamp if path in known else stamp and stamp.written >= began)
    } | {path for path in known.keys() - now.keys() if known[path] and state.places.hold(path)}
    seconds = 0.0
    while not changed:
        stop.check()
        time.sleep(max(PAUSE, seconds * _SHARE))
        before = now
        now, seconds = _look(state)
        changed = _differing(before, now)
    patience = time.monotonic() + _PATIENCE
    while time.monotonic() < patience:
        gone = any(now.get(path) is None for path in changed)
        time.sleep(_MISSING if gone else _SETTLED)
        before = now
        now, _ = _look(state)
        more = _differing(before, now)
        if not more:
            break
        changed |= more
    return frozenset(changed), now


def _look(state: Watched) -> tuple[_Stamps, float]:
    """The stamps of all that is watched, and the seconds that it took to look."""
    start = time.monotonic()
    places = state.places
    return stamps(places.files, places.folders, SUFFIXES), time.monotonic() - start


def _differing(before: _Stamps, now: _Stamps) -> set[str]:
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
