"""Records of what tests came to, so that `test` need not run again what cannot have changed.

They lie in the user's private cache and are kept under fingerprints of all that they rest on. A
record that is missing, damaged or anybody else's is no record: the tests run.
"""

from __future__ import annotations

import json
import os
import sys
from hashlib import sha256
from importlib.util import find_spec

from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.trials import EXCUSED, NOTICED, REFUSED, UNNOTICED, Record
from ddcheck.engine.text.source import package_folder, read_private, stamps

_KIND = "ddcheck records/1"
_LIMIT = 4 * 1024 * 1024
#: Records of earlier runs that are kept beside those of this one.
_MANY = 2000
_FATES = {"n": NOTICED, "u": UNNOTICED, "r": REFUSED}
_LETTERS = {**{fate: letter for letter, fate in _FATES.items()}, EXCUSED: "u"}


class Records:
    """The records of earlier runs over the packs of `plan`, and those of this one.

    `folder` is the user's cache. What is noted here takes the place of what was there.
    """

    def __init__(self, folder: str, plan: Plan) -> None:
        self.engine = engine_identity()
        name = "\n".join(pack.id for pack in plan.packs.packs)
        #: At most 256 files, whatever is tested: others make room.
        self.path = os.path.join(folder, "trials", f"{_hash(name)[:2]}.json")
        self._known = _read(self.path)
        self._noted: dict[str, object] = {}

    def tests(self, key: str) -> Record | None:
        """What the tests under `key` came to; None if that is not known."""
        match self._known.get(f"tests {key}"):
            case [int(passed)]:
                return Record(passed)
            case [int(passed), int(asked), [*places]]:
                open_ = tuple(place for place in places if isinstance(place, int))
                if len(open_) == len(places) and all(0 <= place < asked for place in open_):
                    return Record(passed, asked, open_)
        return None

    def fates(self, key: str) -> tuple[str, ...] | None:
        """What became of the mutants under `key`, before any is excused; None if not known."""
        found = self._known.get(f"fates {key}")
        if not isinstance(found, str) or not set(found) <= set(_FATES):
            return None
        return tuple(_FATES[letter] for letter in found)

    def note_tests(self, key: str, record: Record) -> None:
        """Keep what the tests under `key` came to."""
        points = [] if record.asked is None else [record.asked, list(record.unreached)]
        self._noted[f"tests {key}"] = [record.passed, *points]

    def note_fates(self, key: str, fates: tuple[str, ...]) -> None:
        """Keep what became of the mutants under `key`."""
        self._noted[f"fates {key}"] = "".join(_LETTERS[fate] for fate in fates)

    def file(self) -> tuple[str, str] | None:
        """The path and the text of the records to keep; None where nothing is new."""
        if all(self._known.get(name) == item for name, item in self._noted.items()):
            return None
        # Those of a run that asked for something else stay, as long as they are not many.
        known = dict(list(self._known.items())[-_MANY:])
        text = json.dumps({**known, **self._noted}, separators=(",", ":"))
        return self.path, f"{_KIND} {_hash(text)}\n{text}"


def engine_identity() -> str:
    """What program this is: the state of its files and of what it judges with, and its Python."""
    specs = [find_spec(name) for name in ("simpleeval", "yaml")]
    libraries = [spec.origin for spec in specs if spec is not None and spec.origin is not None]
    found = stamps(libraries, (package_folder("engine"),), (".py",))
    return _hash(f"{sys.version} {sorted(found.items())}")


def _read(path: str) -> dict[str, object]:
    data = read_private(path, _LIMIT)
    head, _, body = (data or b"").partition(b"\n")
    if head != f"{_KIND} {sha256(body).hexdigest()}".encode():
        return {}
    found = json.loads(body)
    return found if isinstance(found, dict) else {}


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
