"""Settings of a run: what the project's `ddcheck.yaml` says, the command line winning over it.

One resolver for every command. Paths in the file are relative to it and stay in its folder, links
followed (DD620): a file that somebody proposes must not make the gate read what it names. Without
a file the shipped packs and policy hold.
"""

from __future__ import annotations

import os
from collections.abc import Mapping as Table
from typing import NamedTuple

from ddcheck.engine.check.compile import compile_packs, plan_of
from ddcheck.engine.check.references import check_rules_named
from ddcheck.engine.model.layers import project_layer, with_layers
from ddcheck.engine.model.pack import Packs, Policy
from ddcheck.engine.model.packs import AS_SHIPPED, PackReading, load_packs, shipped_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.policy import CONFIG, load_policy
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Scalar, read_document
from ddcheck.engine.text.source import is_file, leaves

COMPANIES, MEMOS = "companies", "memos"
#: Where a baseline is written if nobody says where.
BASELINE = "baseline.yaml"


class Settings(NamedTuple):
    """What holds for a run: plan (with its policy and parameters) and where things are.

    `path` is the policy file, None for the shipped policy; `folder` is what its paths start from.
    Paths are ready to open, and inside the folder. `rules` are the ids that waivers may
    name, `shipped` the folders of the packs that ship.
    """

    folder: str
    path: str | None
    plan: Plan
    policy: Policy
    companies: tuple[str, ...]
    memos: tuple[str, ...]
    waivers: tuple[str, ...]
    baseline: str | None
    rules: frozenset[str]
    shipped: frozenset[str]

    def moved(self, folder: str) -> Settings:
        """The same with companies and memos looked for in another folder."""
        return self._replace(
            folder=folder,
            companies=tuple(_moved(path, self.folder, folder) for path in self.companies),
            memos=tuple(_moved(path, self.folder, folder) for path in self.memos),
        )


class Place(NamedTuple):
    """Where a project is: its folder, and its policy file; `asked`: the file must be there."""

    folder: str
    path: str
    asked: bool


def place_of(config: str | None) -> Place:
    """The project that `--config` names, or the one of the working folder."""
    if config is not None:
        return Place(os.path.dirname(config), config, asked=True)
    return Place("", CONFIG, asked=False)


def read_settings(
    place: Place,
    packs: tuple[str, ...],
    report: Report,
    instead: Table[str, str] = AS_SHIPPED,
    *,
    reading: PackReading = load_packs,
) -> Settings | None:
    """The settings of the project at `place`; `packs` win over those that its file names.

    `instead` are folders that stand in for shipped packs, by name; `reading` reads packs.
    None and diagnostics if the file is there and cannot be used, or no rule is left.
    """
    root = None
    if place.asked or is_file(place.path):
        root = _root(place.path, report)
        if root is None:
            return None
    said = Report()
    shipped = reading((), said, instead)
    below = shipped.policy
    assert below is not None
    policy = load_policy(root, report, below) if root is not None else below
    if policy is None:
        return None
    named = tuple(_pack(place.folder, item, report) for item in policy.packs)
    wanted = packs or named
    for item in () if wanted else said:
        report.add(item)
    found = reading(wanted, report, instead) if wanted else shipped
    if root is not None and not packs:
        _check_packs(found, shipped, place.folder, policy, report)
    quiet = Report()
    own = (reading(named, quiet, instead) if named else shipped) if packs else None
    if root is not None:
        found = _with_project(found, policy, place.path, own, report)
    plan = plan_of(found, shipped if wanted else None, report)
    # What the project's own packs have may be named, also where others are asked for.
    rules = _rules(plan)
    if own is not None:
        rules |= _rules(compile_packs(own, quiet)) | _rules(compile_packs(shipped, quiet))
    if root is None:
        # The policy of the packs asked for: that of `core`, or of a pack of one's own.
        policy = found.policy or below
    else:
        check_rules_named(root, rules, lambda name: no_rule(found, name), report)
    plan = plan._replace(packs=plan.packs._replace(policy=policy))
    return Settings(
        place.folder,
        place.path if root is not None else None,
        plan,
        policy,
        _folders(place.folder, policy.company_folders, COMPANIES, report),
        _folders(place.folder, policy.memo_folders, MEMOS, report),
        tuple(
            path
            for item in policy.waivers
            if (path := inside(place.folder, item, report)) is not None
        ),
        inside(place.folder, policy.baseline, report) if policy.baseline is not None else None,
        rules,
        frozenset(pack.path for pack in shipped.packs),
    )


def _rules(plan: Plan) -> frozenset[str]:
    return frozenset(rule.id for rule in plan.rules.values() if not rule.definition.strength)


def _with_project(
    packs: Packs, policy: Policy, path: str, own: Packs | None, report: Report
) -> Packs:
    """`packs` with the parameters and overrides of the project's file as their nearest layer.

    What only its `own` packs have is left out where the command line asks for others.
    """
    layer = project_layer(policy, path, packs, own)
    return with_layers(packs, (*packs.layers, layer), report) if layer is not None else packs


def inside(folder: str, node: Scalar, report: Report) -> str | None:
    """The path that `node` writes, from `folder`; None and DD620 if it leads out of it."""
    written = node.text
    parts = written.replace("\\", "/").split("/")
    path = os.path.join(folder, written)
    if os.path.isabs(written) or ".." in parts or "\0" in written or leaves(folder or ".", path):
        report.error("DD620", node, f"`{written}` leads out of the project's folder")
        return None
    return os.path.normpath(path)


def no_rule(packs: Packs, name: str) -> str:
    """Why nobody can name the rule `name`: there is none, or a layer switches it off."""
    return packs.off(name) or f"no rule `{name}` in the packs of this project"


def _moved(path: str, old: str, new: str) -> str:
    return os.path.normpath(os.path.join(new, os.path.relpath(path, old or ".")))


def _root(path: str, report: Report) -> Mapping | None:
    root = read_document(path, report)
    kind = shape.kind(root, report) if root is not None else None
    if kind is None or not isinstance(root, Mapping):
        return None
    if kind != "policy":
        report.error("DD006", root.entries["ddcheck"], f"a {kind} file, where a policy is needed")
        return None
    return root


def _pack(folder: str, node: Scalar, report: Report) -> str:
    """A shipped name as it is, anything else as a path from `folder`."""
    if node.text in shipped_packs():
        return node.text
    path = inside(folder, node, report)
    return path if path is not None else shipped_packs()[0]


def _check_packs(packs: Packs, shipped: Packs, folder: str, policy: Policy, report: Report) -> None:
    """What packs extend stays in the project's folder as well (DD620)."""
    ours = {pack.path for pack in shipped.packs}
    for pack in packs.packs:
        if pack.path not in ours and leaves(folder or ".", pack.path):
            place = next(iter(policy.packs), None)
            words = f"pack `{pack.id}` lies outside of the project's folder"
            if place is not None:
                report.error("DD620", place, words)


def _folders(folder: str, nodes: tuple[Scalar, ...], usual: str, report: Report) -> tuple[str, ...]:
    if not nodes:
        return (os.path.join(folder, usual),)
    found = (inside(folder, node, report) for node in nodes)
    return tuple(path for path in found if path is not None)
