"""From paths and names to plans and companies."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from ddcheck.engine.check.compile import plan_of
from ddcheck.engine.model.packs import AS_SHIPPED, PackReading, load_packs
from ddcheck.engine.model.plan import Plan
from ddcheck.engine.model.policy import CONFIG
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, parse, read_document
from ddcheck.engine.text.source import files_in, is_file, is_folder, read, read_bytes
from ddcheck.engine.text.suggest import did_you_mean

if TYPE_CHECKING:
    from ddcheck.engine.gate.settings import Settings
    from ddcheck.engine.model.company import Company
    from ddcheck.engine.readers.label_map import LabelMap
    from ddcheck.engine.text.source import Source

YAML = (".yaml", ".yml")
#: How the names of memos end.
MARKDOWN, WORD = ".md", ".docx"
COMPANIES = "companies"
#: How the names of maps end, which stand beside the company files that they made.
MAP = ".map.yaml"
#: How much of a file is read to see of which kind it is.
_HEAD = 4096
_KIND = re.compile(r"^ddcheck: *[\"']?(\w+)/1[\"']? *(?:#|$)", re.MULTILINE)


class Project(NamedTuple):
    """What a command works with: the plan, the folders in which ids are looked for, and the
    settings behind both where the project has a policy.
    """

    plan: Plan
    companies: tuple[str, ...]
    settings: Settings | None


def load_project(
    config: str | None,
    packs: tuple[str, ...],
    report: Report,
    reading: PackReading | None = None,
) -> Project | None:
    """The project of the policy at `config`, or of the working folder's ddcheck.yaml.

    `packs` win over those of the policy. Without a policy the shipped packs hold. None and
    diagnostics where the policy cannot be used. `reading` reads packs.
    """
    if config is None and not is_file(CONFIG):
        return Project(load_plan(packs, report, reading), (COMPANIES,), None)
    # A run without a policy does not pay for the gate.
    from ddcheck.engine.gate.settings import place_of, read_settings

    settings = read_settings(place_of(config), packs, report, reading=reading or _once())
    if settings is None:
        return None
    return Project(settings.plan, settings.companies, settings)


def load_plan(packs: tuple[str, ...], report: Report, reading: PackReading | None = None) -> Plan:
    """The plan of the named packs, or of all that ship.

    A company file may state metrics of shipped packs that are not applied; they stay stated facts.
    """
    if not packs:
        return plan_of((reading or load_packs)((), report, AS_SHIPPED), None, report)
    reading = reading or _once()
    shipped = reading((), Report(), AS_SHIPPED)
    return plan_of(reading(packs, report, AS_SHIPPED), shipped, report)


def _once() -> PackReading:
    """Reads packs, a file that several of them need once."""
    from ddcheck.engine.model.kept_packs import KeptPacks

    return KeptPacks()


def company_path(name: str, report: Report, folders: tuple[str, ...] = (COMPANIES,)) -> str | None:
    """The path that `name` means: a path, or the id of a file in one of `folders` (DD311)."""
    if is_file(name):
        return name
    if os.sep not in name and not name.endswith(YAML):
        for path in (os.path.join(folder, name + end) for folder in folders for end in YAML):
            if is_file(path):
                return path
    if os.sep in name or name.endswith(YAML) or is_folder(name):
        return name
    paths = (path for folder in folders for path in company_files(folder))
    known = [os.path.splitext(os.path.basename(path))[0] for path in paths]
    hint = did_you_mean(name, known)
    if hint is None:
        listed = f"companies: {', '.join(known)}; or " if known else ""
        hint = f"{listed}write the path of a company file"
    report.usage("DD311", name, f"no company `{name}`", hint)
    return None


def is_memo(path: str) -> bool:
    """Whether the name of a file is that of a memo."""
    return path.lower().endswith((MARKDOWN, WORD))


def company_files(folder: str) -> list[str]:
    """The company files below `folder`; hidden files are none, nor the maps of imports."""
    return [
        path
        for path in files_in(folder, YAML)
        if not path.endswith(MAP) and not os.path.basename(path).startswith(".")
    ]


def company_paths(
    names: tuple[str, ...],
    report: Report,
    folders: tuple[str, ...] = (COMPANIES,),
    others: Collection[str] = (),
) -> list[str]:
    """Every file that `names` mean; a folder means the files in it (DD004 if there are none), but
    for those that say to be something else than a company.

    A folder in `others` may be without any: something else was found in it.
    """
    found: list[str] = []
    for name in names:
        if is_folder(name):
            inside = [path for path in company_files(name) if not _is_other(path)]
            if not inside and name not in others:
                report.without_place(
                    "DD004", name, "nothing to check: no company file in this folder"
                )
            found += [path for path in inside if path not in found]
        else:
            path = company_path(name, report, folders)
            if path is None or path in found:
                continue
            if is_file(path) and not path.endswith(YAML):
                report.usage("DD006", path, "not a company file: its name does not end in .yaml")
                continue
            found.append(path)
    return found


def _is_other(path: str) -> bool:
    """Whether the file says that it is of another kind, such as a pack or a policy."""
    head = (read_bytes(path, _HEAD) or b"").decode("utf-8", "replace")
    said = _KIND.search(head)
    return said is not None and said[1] != "company" and said[1] in shape.KINDS


def read_map(path: str, plan: Plan, report: Report) -> tuple[LabelMap, Source] | None:
    """The map in the file at `path` with its text, or None and diagnostics."""
    from ddcheck.engine.readers.label_map import load_map

    before = len(report.items)
    source = read(path, report)
    root = parse(source, report) if source is not None else None
    kind = shape.kind(root, report) if root is not None else None
    if source is None or kind is None or not isinstance(root, Mapping):
        return None
    if kind != "map":
        report.error("DD006", root.entries["ddcheck"], f"a {kind} file, where a map is asked for")
        return None
    found = load_map(root, plan.terms, report)
    return (found, source) if len(report.items) == before else None


def read_company(path: str, plan: Plan, report: Report) -> Company | None:
    """The company in the file at `path`, or None and diagnostics."""
    root = read_document(path, report)
    kind = shape.kind(root, report) if root is not None else None
    if kind is None or not isinstance(root, Mapping):
        return None
    if kind != "company":
        header = root.get("ddcheck")
        assert header is not None
        report.error("DD006", header, f"a {kind} file, where a company file is asked for")
        return None
    # Who reads packs alone does not pay for companies.
    from ddcheck.engine.model.facts import load_company

    company = load_company(root, plan.terms, plan.vocabulary.dimensions, report)
    if company is not None and company.tag_nodes:
        from ddcheck.engine.check.references import warn_of_tags

        warn_of_tags(company, plan, lambda: load_packs((), Report()), report)
    return company
