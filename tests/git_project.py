"""Real git for tests: commits of nobody, and nothing of the machine's own settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_WHO = ("user.name=Test", "user.email=test@example.com", "commit.gpgsign=false")


def clean() -> dict[str, str]:
    """The environment without what git, hooks and runners put there."""
    left_out = ("GIT_", "GITHUB_", "RUNNER_", "PRE_COMMIT")
    return {key: value for key, value in os.environ.items() if not key.startswith(left_out)}


def git(*arguments: str, folder: Path | None = None) -> str:
    """What git prints, run in `folder` or the working folder."""
    settings = [word for item in _WHO for word in ("-c", item)]
    done = subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder, capture_output=True, text=True, env=clean(), check=True,
    )  # fmt: skip
    return done.stdout.strip()


def commit(message: str, folder: Path | None = None) -> str:
    """Commit all that is there; the commit."""
    git("add", "-A", folder=folder)
    git("commit", "-q", "--no-verify", "-m", message, folder=folder)
    return git("rev-parse", "HEAD", folder=folder)


def copy_of_ours(folder: Path) -> Path:
    """Our own repository as it stands, without its tests, as one commit in `folder`."""
    root = Path(__file__).parents[1]
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=root)
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, folder / name)
    git("init", "-q", ".", folder=folder)
    commit("ours", folder=folder)
    return folder
