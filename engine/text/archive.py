"""ZIP archives of XML, such as .xlsx and .docx, opened so that nothing small grows large.

What an archive declares is looked at before anything is unpacked: how many parts it has, what they
unpack to, and how much more that is than what is stored. No part is unpacked beyond what it
declares, and its checksum tells whether that was all. Archives inside of an archive stay closed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import NamedTuple

#: Why an archive is refused: it is damaged or no archive, behind a password, or too large.
BROKEN, ENCRYPTED, TOO_LARGE = "broken", "encrypted", "too large"
_CHUNK = 1024 * 1024
_MIB = 1024 * 1024


class Limits(NamedTuple):
    """What an archive may hold: parts, bytes that all of them unpack to, opening brackets of XML.

    `tags` counts every `<` in what is looked through: an XML tree takes memory by its elements, a
    hundred bytes and more for the four of `<a/>`. A part that unpacks to more than `ratio` times
    what is stored is refused as well, if it has more than `ratio_from` bytes.
    """

    parts: int
    unpacked: int
    tags: int
    ratio: int | None = None
    ratio_from: int = 8 * _MIB


class ArchiveError(Exception):
    """An archive that cannot be used: `kind` is BROKEN, ENCRYPTED or TOO_LARGE, `words` say why."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind
        self.words = words


class Archive:
    """An archive whose declared sizes are within its limits. Raises ArchiveError."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        self._tags = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise _broken(error) from None
        self._parts = self._zip.infolist()
        self.names = frozenset(part.filename for part in self._parts)
        self._check()

    def _check(self) -> None:
        limits, parts = self.limits, self._parts
        if len(parts) > limits.parts:
            words = f"it has {len(parts):,} parts, more than {limits.parts:,}"
            raise ArchiveError(TOO_LARGE, words)
        declared = sum(part.file_size for part in parts)
        if declared > limits.unpacked:
            size = f"{declared / _MIB:,.0f} MiB, more than {limits.unpacked // _MIB} MiB"
            raise ArchiveError(TOO_LARGE, f"it unpacks to {size}")
        for part in parts:
            most = max(limits.ratio_from, (limits.ratio or 0) * part.compress_size)
            if limits.ratio is not None and part.file_size > most:
                raise ArchiveError(TOO_LARGE, f"`{part.filename}` in it unpacks too far")
        if any(part.flag_bits & 1 for part in parts):
            raise ArchiveError(ENCRYPTED, "it is encrypted")
        if len(self.names) != len(parts):
            raise ArchiveError(BROKEN, "a part stands twice in it")

    def size(self, name: str) -> int | None:
        """To how many bytes the part `name` unpacks; None where there is none."""
        return self._zip.getinfo(name).file_size if name in self.names else None

    def read(self, name: str) -> bytes:
        """The bytes of the part `name`: as many as it declares."""
        try:
            data = self._zip.read(name)
        except _DAMAGE as error:
            raise _broken(error) from None
        self._count(data)
        return data

    def look_through(self) -> None:
        """Unpack every part once, piece by piece: that it is what it declares, and not too much.

        For those that hand the archive on to a library, which reads what it likes.
        """
        self._tags = 0
        for part in self._parts:
            try:
                with self._zip.open(part) as file:
                    while piece := file.read(_CHUNK):
                        self._count(piece)
            except _DAMAGE as error:
                if isinstance(error, zipfile.BadZipFile):
                    words = f"`{part.filename}` is not what the archive declares"
                    raise ArchiveError(BROKEN, words) from None
                raise _broken(error) from None
        self._tags = 0

    def _count(self, piece: bytes) -> None:
        self._tags += piece.count(b"<")
        if self._tags > self.limits.tags:
            words = f"its XML has more than {self.limits.tags:,} elements"
            raise ArchiveError(TOO_LARGE, words)


#: What `zipfile` raises on what is no sound archive.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError,
    ValueError, KeyError, OverflowError,
)  # fmt: skip


def _broken(error: Exception) -> ArchiveError:
    return ArchiveError(BROKEN, str(error).strip("'\"") or type(error).__name__)
