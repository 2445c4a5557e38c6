"""What a side of a difference judges by: its packs, parameters, policy and waivers."""

from __future__ import annotations

import os
from typing import NamedTuple

from ddcheck.engine.check.compile import plan_of
from ddcheck.engine.commands.sides import PACKS, PROJECT, Side, pack_folders, stand_ins
from ddcheck.engine.gate.settings import Place, place_of, read_settings
from ddcheck.engine.gate.waivers import read_waivers
from ddcheck.engine.model.packs import load_packs, shipped_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.waiver import Waiver
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.source import is_file

_RULES = "rules"


class Standing(NamedTuple):
    """What a side judges by; `folders` are those of its project's companies."""

    plan: Plan
    waivers: tuple[Waiver, ...]
    folders: tuple[str, ...]


class Standings:
    """What sides judge by, each project read once."""

    def __init__(
        self, config: str | None, packs: tuple[str, ...], today: int, report: Report
    ) -> None:
        self.config = config
        self.packs = packs
        self.today = today
        self.report = report
        self._projects: dict[str, Standing | None] = {}

    def of(self, side: Side) -> Standing | None:
        """What `side` judges by; None and diagnostics where it cannot be used."""
        return self._packs(side) if side.kind == PACKS else self._project(side.path, side)

    def _project(self, path: str, side: Side) -> Standing | None:
        """Plan, waivers and folders of the project that a side is, or belongs to."""
        root = path if side.kind == PROJECT else side.root
        if root not in self._projects:
            self._projects[root] = self._read_project(root)
        return self._projects[root]

    def _read_project(self, root: str) -> Standing | None:
        report = self.report
        place = self._place(root)
        own = stand_ins(os.path.join(place.folder, _RULES))
        packs = tuple(self._asked(name, root) for name in self.packs)
        if not packs and own and not is_file(place.path):
            packs = tuple(own)
        settings = read_settings(place, packs, report, own)
        if settings is None:
            return None
        waivers = read_waivers(settings.waivers, settings, self.today, report)
        return Standing(settings.plan, waivers, settings.companies)

    def _asked(self, name: str, root: str) -> str:
        """A pack of the command line on a side: shipped names and absolute paths stay."""
        if name in shipped_packs() or os.path.isabs(name):
            return name
        return os.path.join(root, name)

    def _packs(self, side: Side) -> Standing | None:
        """Packs alone, judged by their own policy or the shipped one, without waivers."""
        path = side.path.rstrip(os.sep)
        alone = is_file(os.path.join(path, "pack.yaml"))
        folders = (path,) if alone else tuple(pack_folders(path))
        own = stand_ins(os.path.dirname(path) if alone else path)
        shipped = load_packs((), Report(), own)
        names = {folder: name for name, folder in own.items()}
        wanted = tuple(names.get(folder, folder) for folder in folders)
        found = load_packs(tuple(sorted(wanted, key=lambda name: name != "core")), self.report, own)
        plan = plan_of(found, shipped, self.report)
        packs = plan.packs._replace(policy=found.policy or shipped.policy)
        return Standing(plan._replace(packs=packs), (), ())

    def folders(self, side: Side) -> tuple[str, ...]:
        """The folders of companies of the project around packs."""
        settings = read_settings(self._place(side.root), (), Report())
        return settings.companies if settings is not None else ()

    def _place(self, root: str) -> Place:
        place = place_of(self.config)
        if not root:
            return place
        return Place(os.path.join(root, place.folder), os.path.join(root, place.path), place.asked)
