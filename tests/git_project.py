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
    """Our own repository as it stands, without its tests, as one commit in `folder`.

    It may be a copy without git: what is no part of it is known by its name, or as an environment.
    """
    root = Path(__file__).parents[1]

    def ignored(path: str, names: list[str]) -> list[str]:
        top = Path(path) == root
        return [
            name
            for name in names
            if name in ("__pycache__", ".git")
            or name.endswith((".egg-info", "_cache"))
            or (top and name in ("tests", "build", "dist", "site", ".hypothesis"))
            or (Path(path) / name / "pyvenv.cfg").is_file()
        ]

    shutil.copytree(root, folder, ignore=ignored, dirs_exist_ok=True)
    git("init", "-q", ".", folder=folder)
    commit("ours", folder=folder)
    return folder
