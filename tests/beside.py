"""Modules in folders of the tests, which are no packages: loaded by their path, once."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent


def module(name: str, path: str) -> ModuleType:
    """The module at `path` (from the folder of the tests), known as `name`."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / path)
        assert spec is not None
        assert spec.loader is not None
        found = importlib.util.module_from_spec(spec)
        sys.modules[name] = found
        spec.loader.exec_module(found)
    return sys.modules[name]
