"""Where the command starts and ends: the process's streams, files and exit code.

`ddcheck FILE…` must not pay for reading options it was not given, nor must `ddcheck test`, which
hooks run all day: plain paths and plain tests go straight to their command, everything else to the
command line proper in `cli.py`.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ddcheck.engine.commands.outcome import Outcome, Screen

#: Every command; a first word that is none of them is a path to check.
COMMANDS = (
    "check", "facts", "explain", "verify", "compare", "lint", "test", "rules", "schema", "import",
    "init", "gate", "memo", "diff", "params",
)  # fmt: skip
#: Options of `test` that need no reading.
_OF_TESTS = frozenset({"--coverage", "--mutate"})
_BUG = 3
_GARBAGE_THRESHOLD = 200_000


def main() -> None:
    """Run ddcheck on the arguments of the process and exit with its code (0, 1, 2 or 3)."""
    arguments = sys.argv[1:]
    # Nodes and facts live as long as the run: there is no garbage to look for among them.
    gc.set_threshold(_GARBAGE_THRESHOLD)
    atexit.register(gc.freeze)  # and none to look for when all of it goes
    try:
        if (
            arguments
            and arguments[0] not in COMMANDS
            and not any(word.startswith("-") for word in arguments)
        ):
            code = deliver(_check(arguments))
        elif arguments[:1] == ["test"] and set(arguments[1:]) <= _OF_TESTS:
            code = deliver(_test(arguments[1:]))
        else:
            from ddcheck.cli import run

            code = run(arguments)
    except BrokenPipeError:
        # Whoever read us has had enough: nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        if os.environ.get("DDCHECK_TRACEBACK"):
            raise
        words = f"{type(error).__name__}: {error}".splitlines()[0]
        sys.stderr.write(
            f"ddcheck: DD901 error: a bug in ddcheck ({words}); "
            "set DDCHECK_TRACEBACK=1 to see where, and report it\n"
        )
        code = _BUG
    sys.exit(code)


def _check(paths: list[str]) -> Outcome:
    from ddcheck import __version__
    from ddcheck.engine.commands.check import CheckOptions, run_check

    options = CheckOptions(
        tuple(paths),
        today=this_day(),
        version=__version__,
    )
    return run_check(options, screen())


def _test(options: list[str]) -> Outcome:
    from ddcheck.engine.commands.testing import CaseOptions, run_test

    asked = CaseOptions(
        coverage="--coverage" in options, mutate="--mutate" in options, cache=cache_folder()
    )
    return run_test(asked, screen())


def this_day() -> int:
    """The ordinal of today, where the user is: what "old" is measured against."""
    from datetime import datetime

    return datetime.now().astimezone().date().toordinal()


def screen(*, color: bool | None = None) -> Screen:
    """What standard output is; `color` overrides what terminal and environment say."""
    from ddcheck.engine.commands.outcome import Screen

    terminal = sys.stdout.isatty()
    width = 110
    if terminal:
        try:
            # A terminal that nobody told its size says 0.
            width = os.get_terminal_size().columns or width
        except OSError:
            width = 110
    if color is None:
        color = terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return Screen(terminal, width, color, sys.stdout.encoding or "utf-8")


def cache_folder() -> str | None:
    """Where this user's programs keep what they can make again; None where nothing shall be kept.

    `DDCHECK_CACHE` says where, or with an empty value that nothing is.
    """
    chosen = os.environ.get("DDCHECK_CACHE")
    if chosen is not None:
        return chosen or None
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "ddcheck") if os.path.isabs(base) else None


def deliver(outcome: Outcome) -> int:
    """Write what a command came to; the exit code.

    Files are written beside their place and moved there, so that none is ever half written.
    """
    code = outcome.code
    for path, content in outcome.files:
        try:
            _write(path, content, make_folders=outcome.make_folders)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            sys.stderr.write(f"{path}:1:1: DD001 error: cannot write this file: {reason}\n")
            code = max(code, 2)
    for path, text in outcome.kept:
        _keep(path, text)
    for stream, text in ((sys.stdout, outcome.stdout), (sys.stderr, outcome.stderr)):
        if text:
            stream.flush()
            stream.buffer.write(_encoded(text, stream.encoding or "utf-8"))
            stream.flush()
    return code


def _encoded(text: str, encoding: str) -> bytes:
    from ddcheck.engine.report.lines import encodable

    if text.startswith(("{", "[", "<?xml", "<!")):
        return text.encode("utf-8", "backslashreplace")
    return encodable(text, encoding).encode(encoding, "replace")


def _keep(path: str, text: str) -> None:
    """Lay `text` down for this user alone; where that cannot be, the next run does without."""
    partial = f"{path}.{os.getpid()}.part"
    folder = os.path.dirname(path)
    try:
        for place in (os.path.dirname(folder), folder):
            os.makedirs(place, mode=0o700, exist_ok=True)
        with open(partial, "w", encoding="utf-8", opener=_private) as file:
            file.write(text)
        os.replace(partial, path)
    except OSError:
        with suppress(OSError):
            os.unlink(partial)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_EXCL, 0o600)


def _write(path: str, content: str | bytes, *, make_folders: bool) -> None:
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    path = os.path.realpath(path)
    if os.path.exists(path) and not os.path.isfile(path):
        # A device or a pipe is written to, never replaced; a folder cannot be.
        with open(path, "wb") as file:
            file.write(data)
        return
    partial = f"{path}.{os.getpid()}.part"
    try:
        if make_folders:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(partial, "wb") as file:
            file.write(data)
        os.replace(partial, path)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)


if __name__ == "__main__":
    main()
