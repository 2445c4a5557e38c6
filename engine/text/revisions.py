"""Files of a git commit: the only module that runs git.

A commit's YAML files are copied into a private folder, so that everything that reads files can
read them; what is reported of them names `REF:path`. Git is given no shell, no hook, no pager, no
network and no variable of the environment that could point it elsewhere; whether it trusts the
repository's owner (`safe.directory`) is left to it. Links, submodules and names that would lead
out of the folder are left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import MAX_BYTES

_SUFFIXES = (b".yaml", b".yml")
_FILES = {b"100644", b"100755"}
#: Beyond these a commit is refused: a repository of facts and rules is far smaller.
MAX_FILES = 20_000
MAX_TOTAL = 256 * 1024 * 1024
_SECONDS = 60
_OPTIONS = (
    "--no-pager", "--no-replace-objects", "--literal-pathspecs",
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
    "-c", "protocol.allow=never", "-c", "safe.bareRepository=explicit",
)  # fmt: skip


class Revision(NamedTuple):
    """A commit whose YAML files lie in `folder`; `ref` as asked for, `commit` in full.

    `prefix` is the path in the repository of the folder that was asked about, empty for its root.
    """

    ref: str
    commit: str
    folder: str
    prefix: str

    @property
    def short(self) -> str:
        """The commit as people write it."""
        return self.commit[:7]

    def path(self, name: str) -> str:
        """Where the copy lies of the file at `name`, relative to the folder asked about."""
        return os.path.join(self.folder, self.prefix, name) if name else self.root

    @property
    def root(self) -> str:
        """Where the copy lies of the folder asked about."""
        return os.path.join(self.folder, self.prefix) if self.prefix else self.folder


@contextmanager
def revision(ref: str, folder: str, option: str, report: Report) -> Iterator[Revision | None]:
    """The files of the commit that `ref` names in the repository around `folder`.

    They are there until the block ends. None and DD630, named after `option`, where git
    is missing, `folder` is in no repository, `ref` names no commit or the files are too many.
    """
    private = tempfile.mkdtemp(prefix="ddcheck-")
    try:
        yield _extracted(ref, folder, private, option, report)
    finally:
        shutil.rmtree(private, ignore_errors=True)


def _extracted(ref: str, folder: str, private: str, option: str, report: Report) -> Revision | None:
    try:
        found = _find(ref, folder, private, option, report)
        if found is None or not _copy(found, folder, option, report):
            return None
    except FileNotFoundError as error:
        words = "git is not there" if error.filename == "git" else f"`{folder}` is not there"
        report.usage("DD630", option, words)
        return None
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        words = "git took too long" if isinstance(error, subprocess.TimeoutExpired) else str(error)
        report.usage("DD630", option, words.splitlines()[0] if words else "git failed")
        return None
    for form in {private, os.path.relpath(private)}:
        report.show_as(form + os.sep, f"{ref}:")
    return found


def _find(ref: str, folder: str, private: str, option: str, report: Report) -> Revision | None:
    if not ref or ref.startswith("-") or "\0" in ref or "\n" in ref:
        report.usage("DD630", option, f"`{ref}` is no name of a commit", "write origin/main")
        return None
    inside = _git(folder, "rev-parse", "--show-prefix")
    if inside.returncode:
        said = inside.stderr.decode("utf-8", "replace").strip().splitlines()
        unsafe = any("safe.directory" in text or "dubious" in text for text in said)
        words = (
            "git does not trust the owner of this repository"
            if unsafe
            else (f"`{folder}` is in no git repository")
        )
        help_ = "see `git help config`, safe.directory" if unsafe else None
        report.usage("DD630", option, words, help_)
        return None
    wanted = f"{ref}^{{commit}}"
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    if commit.returncode:
        report.usage(
            "DD630", option, f"no commit `{ref}` here",
            "fetch it first; in CI check out with the whole history (fetch-depth: 0)",
        )  # fmt: skip
        return None
    prefix = os.fsdecode(inside.stdout.removesuffix(b"\n")).rstrip("/")
    return Revision(ref, commit.stdout.decode("ascii").strip(), private, prefix)


def _copy(found: Revision, folder: str, option: str, report: Report) -> bool:
    """Whether every YAML file of the commit has been copied."""
    listed = _git(folder, "ls-tree", "-r", "-z", "-l", "--full-tree", found.commit)
    if listed.returncode:
        report.usage("DD630", option, f"git cannot list the files of `{found.ref}`")
        return False
    wanted: list[tuple[bytes, bytes]] = []
    total = 0
    for entry in filter(None, listed.stdout.split(b"\0")):
        head, _, path = entry.partition(b"\t")
        mode, kind, name, size = head.split()
        if mode in _FILES and kind == b"blob" and path.endswith(_SUFFIXES) and _harmless(path):
            wanted.append((name, path))
            total += int(size)
            if int(size) > MAX_BYTES:
                where = f"{found.ref}:{os.fsdecode(path)}"
                report.without_place("DD007", where, f"larger than {MAX_BYTES // 1024**2} MiB")
                return False
    if len(wanted) > MAX_FILES or total > MAX_TOTAL:
        words = f"`{found.ref}` has {len(wanted)} YAML files of {total // 1024**2} MiB in all"
        report.usage("DD630", option, words, f"at most {MAX_FILES} files are read")
        return False
    names = b"".join(name + b"\n" for name, _ in wanted)
    got = _git(folder, "cat-file", "--batch", given=names)
    data, at = got.stdout, 0
    for name, path in wanted:
        end = data.find(b"\n", at)
        answer = data[at:end].split()
        if end < 0 or len(answer) != 3 or answer[0] != name:
            report.usage("DD630", option, f"git does not give {os.fsdecode(path)}")
            return False
        length = int(answer[2])
        _write(os.path.join(os.fsencode(found.folder), path), data[end + 1 : end + 1 + length])
        at = end + 1 + length + 1
    return True


def _harmless(path: bytes) -> bool:
    """Whether a path of a tree stays where it is put."""
    parts = path.split(b"/")
    return not os.path.isabs(path) and not {b"", b".", b".."} & set(parts) and b"\\" not in path


def _write(path: bytes, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with open(path, "xb") as file:
        file.write(data)


def _git(folder: str, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    around = {
        **kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none",
    }  # fmt: skip
    return subprocess.run(
        ["git", *_OPTIONS, *arguments], cwd=folder or ".", env=around, input=given,
        capture_output=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
