"""Source text: the only module that reads files and lists folders.

A file becomes a `Source`: its path as the user wrote it and its text, with line breaks made
uniform. What cannot be read becomes a diagnostic, never an exception.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple

from ddcheck.engine.text.diagnostics import Report

#: Files beyond this many bytes are refused.
MAX_BYTES = 8 * 1024 * 1024

#: Characters that hide, reorder or break text: controls other than tab and line feed, line breaks
#: of YAML 1.1, zero-width and bidirectional ones, surrogates, and those that are never characters.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
#: Open a pipe without waiting for somebody to write to it; Windows has no such pipes.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
#: Where the shell shows the pipes that it opened.
_OPENED = ("/dev/fd", "/proc/self/fd")
_NAMES = {
    "\x85": "next line",
    "\xad": "soft hyphen",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
    "\ufeff": "byte order mark inside the text",
    **dict.fromkeys("\u061c\u200e\u200f", "bidirectional mark"),
    **dict.fromkeys(
        map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))), "bidirectional control"
    ),
    **dict.fromkeys("\u180e\u200b\u200c\u200d\u2060", "zero-width character"),
}


def hidden_name(char: str) -> str:
    """What a hidden character is, with its number: `zero-width character (U+200B)`."""
    code = ord(char)
    name = _NAMES.get(char)
    if name is None:
        name = "surrogate" if 0xD800 <= code <= 0xDFFF else "control character"
        name = "tag character" if code >= 0xE0000 else name
    return f"{name} (U+{code:04X})"


class Source:
    """A file's path and its text with line feeds as the only line breaks."""

    __slots__ = ("_lines", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._lines: list[str] | None = None

    def line(self, number: int) -> str | None:
        """The text of line `number`, counted from 1; None beyond the end."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines[number - 1] if 0 < number <= len(self._lines) else None

    def place(self, index: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at `index`."""
        index = max(0, min(index, len(self.text)))
        start = self.text.rfind("\n", 0, index) + 1
        return self.text.count("\n", 0, index) + 1, index - start + 1


def read(path: str, report: Report) -> Source | None:
    """The source at `path`, or None and a diagnostic (DD001, DD002, DD003, DD007, DD116)."""
    data = _bytes(path, MAX_BYTES, report)
    return decode(path, data, report) if data is not None else None


def read_data(path: str, limit: int, report: Report) -> bytes | None:
    """The bytes of the file at `path`, or None and DD001; DD007 beyond `limit` bytes."""
    data = _bytes(path, limit, report)
    if data is not None and len(data) > limit:
        report.without_place("DD007", path, f"larger than {limit // 1024 // 1024} MiB")
        return None
    return data


def _bytes(path: str, limit: int, report: Report) -> bytes | None:
    """Up to `limit` bytes of the file at `path` and one more, or None and DD001."""
    try:
        return _read(path, limit)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    except ValueError:
        reason = "the path holds a null byte"
    report.without_place("DD001", path, f"cannot read this file: {reason}")
    return None


def _read(path: str, limit: int) -> bytes:
    """Up to `limit` bytes of the file at `path` and one more. Raises OSError or ValueError.

    A pipe that nobody writes to would never end, nor would some devices: only files are read, and
    pipes that the shell opened for us (`<(command)`).
    """
    with open(path, "rb", opener=_open) as file:
        mode = os.fstat(file.fileno()).st_mode
        if stat.S_ISFIFO(mode) and os.path.dirname(os.path.abspath(path)) in _OPENED:
            os.set_blocking(file.fileno(), True)
        elif not stat.S_ISREG(mode):
            raise OSError(None, "not a file but a pipe, a socket or a device")
        return file.read(limit + 1)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | _AT_ONCE)


def decode(path: str, data: bytes, report: Report) -> Source | None:
    """The source that `data` holds, or None and a diagnostic; UTF-8, with or without a BOM."""
    if len(data) > MAX_BYTES:
        report.without_place("DD007", path, f"larger than {MAX_BYTES // 1024 // 1024} MiB")
        return None
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        column = len(before.decode("utf-8")) + 1
        report.at(
            "DD002",
            Source(path, ""),
            line,
            column,
            f"not UTF-8 text: byte 0x{data[error.start]:02x}{_guess(data)}",
            "save the file as UTF-8",
        )
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = Source(path, text)
    if not text.strip():
        report.without_place("DD003", path, "the file is empty")
        return None
    found = HIDDEN.search(text)
    if found is not None:
        line, column = source.place(found.start())
        report.at("DD116", source, line, column, hidden_name(found[0]), "remove the character")
        return None
    return source


def _guess(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return " (it looks like UTF-16)"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return " (it looks like GBK or GB18030)"


def read_bytes(path: str, limit: int) -> bytes | None:
    """Up to `limit` bytes of the file at `path` and one more; None if it cannot be read."""
    try:
        return _read(path, limit)
    except (OSError, ValueError):
        return None


def read_private(path: str, limit: int) -> bytes | None:
    """The bytes of a file that nobody but this user can have written; None for any other."""
    data = None
    with suppress(OSError, ValueError), open(path, "rb", opener=_open) as file:
        found = os.fstat(file.fileno())
        mine = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
        open_to_others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if mine and not open_to_others and stat.S_ISREG(found.st_mode) and found.st_size <= limit:
            data = file.read(limit)
    return data


def path_inside(folder: str, name: str) -> str | None:
    """The path of `name` in `folder`; None if it leads out of it, by its words or by a link."""
    plain = name.replace("\\", "/")
    if (
        not plain.strip()
        or "\0" in plain
        or plain.startswith("/")
        or re.match(r"[A-Za-z]:", plain)
        or ".." in plain.split("/")
    ):
        return None
    path = os.path.join(folder, *plain.split("/"))
    root = os.path.realpath(folder)
    real = os.path.realpath(path)
    return path if real.startswith(root.rstrip(os.sep) + os.sep) else None


class Stamp(NamedTuple):
    """What tells one state of a file from the next without reading it.

    A file moved into its place, or written with its old time, has another `noted` time.
    """

    written: int
    noted: int
    size: int


def files_in(folder: str, suffixes: tuple[str, ...]) -> list[str]:
    """Paths below `folder` that end in one of `suffixes`, sorted; hidden folders are left out.

    So is what Emacs lays beside a file that is being edited: a link to nowhere, `.#NAME`.
    """
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            path
            for name in sorted(names)
            if name.endswith(suffixes) and (path := os.path.join(root, name))
            if not name.startswith(".#") or os.path.exists(path)
        ]
    return found


def is_odd(path: str) -> bool:
    """Whether something at `path` is neither a file nor a folder: a pipe, a device."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def stamps(
    files: Collection[str], folders: Collection[str], suffixes: tuple[str, ...]
) -> dict[str, Stamp | None]:
    """When each of `files`, and each file below `folders` that ends in one of `suffixes`, was
    written last; None for one that is not there, or is none.
    """
    paths = set(files)
    for folder in folders:
        paths.update(path for path in files_in(folder, ("",)) if path.lower().endswith(suffixes))
    return {path: _stamp(path) for path in paths}


def _stamp(path: str) -> Stamp | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Stamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size)


def is_folder(path: str) -> bool:
    """Whether `path` is a folder."""
    return os.path.isdir(path)


def is_file(path: str) -> bool:
    """Whether `path` is a file that exists."""
    return os.path.isfile(path)


def same_file(left: str, right: str) -> bool:
    """Whether two paths lead to one file or folder."""
    return os.path.realpath(left) == os.path.realpath(right)


def leaves(folder: str, path: str) -> bool:
    """Whether `path` leads out of `folder`, links followed."""
    root = os.path.realpath(folder)
    return os.path.commonpath((root, os.path.realpath(path))) != root


def package_folder(name: str) -> str:
    """The path of one of the folders that ship with ddcheck: `rules` or `schemas`."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), name)


def shipped_path(path: str) -> str:
    """`path` as a user would write it: relative to the working folder where that is shorter."""
    relative = os.path.relpath(path)
    return relative if not relative.startswith("..") else path
