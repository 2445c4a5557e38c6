"""`ddcheck gate`: whether companies and memos may pass, by policy, waivers and baseline."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import ExitStack
from typing import NamedTuple

from ddcheck.engine.commands.gathering import Firms, Matter, gather, read_memos
from ddcheck.engine.commands.grounds import Grounds, Sources, known_at, read_grounds
from ddcheck.engine.commands.judging import Asked, day_of
from ddcheck.engine.commands.levels import level_of, outputs_of
from ddcheck.engine.commands.outcome import OK, REACHED, UNJUDGED, Outcome, Screen, finish
from ddcheck.engine.commands.outputs import OUTPUTS
from ddcheck.engine.gate.baseline import written
from ddcheck.engine.gate.decision import Terms, answers_of, covered_rules, gone, settle
from ddcheck.engine.gate.waivers import check_scope
from ddcheck.engine.memo.audit import audit_memo, report_mistakes
from ddcheck.engine.memo.figures import Figures
from ddcheck.engine.model.decision import (
    FAILS,
    KNOWN,
    NOTE,
    Decision,
    Entry,
    Gated,
    GateResult,
    Notice,
)
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.memo import Audit, Memo
from ddcheck.engine.report.gate import verdict_line
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.suggest import did_you_mean


class GateOptions(NamedTuple):
    """What `gate` was asked; days are ordinals, `outputs` are `FORMAT` or `FORMAT:FILE`."""

    paths: tuple[str, ...] = ()
    config: str | None = None
    packs: tuple[str, ...] = ()
    policy_ref: str | None = None
    baseline: str | None = None
    write_baseline: bool = False
    strict_baseline: bool = False
    baseline_ref: str | None = None
    fail_on: str | None = None
    today: int = 0
    as_of: str | None = None
    period: str | None = None
    outputs: tuple[str, ...] = ()
    language: str = "en"
    all: bool = False
    version: str = ""


def run_gate(options: GateOptions, screen: Screen) -> Outcome:
    """Judge what the paths mean and say what fails.

    Exit code 1 if anything fails, 2 if anything asked for could not be judged. The last line of
    standard output is the verdict line; where a format there bears no other line after it, the
    verdict line goes to standard error.
    """
    report = Report()
    formats = {name: output.verdict_follows for name, output in OUTPUTS.items()}
    outputs = outputs_of(options.outputs, formats, options.paths, report)
    files: tuple[tuple[str, str | bytes], ...] = ()
    decision = None
    if not report.failed:
        with ExitStack() as stack:
            found = _decide(options, stack, report)
        if found is not None:
            decision, files = found
    judged = decision is not None and not report.failed
    result = GateResult(
        decision, judged, tuple(report), options.today, options.version, options.language,
        options.all,
    )  # fmt: skip
    return _delivered(result, outputs or [("text", None)], screen, report, files)


def _delivered(
    result: GateResult,
    outputs: list[tuple[str, str | None]],
    screen: Screen,
    report: Report,
    files: tuple[tuple[str, str | bytes], ...],
) -> Outcome:
    stdout, below = "", True
    for kind, file in outputs:
        output = OUTPUTS[kind]
        text = output.render(result, screen, to_file=file is not None)
        if file is not None:
            files += ((file, text),)
        else:
            stdout += text
            below = below and output.verdict_follows
    verdict = verdict_line(result) + "\n"
    code = REACHED if result.decision is not None and result.decision.failed else OK
    outcome = finish(stdout, report, code if result.judged else UNJUDGED)
    outcome = outcome._replace(files=files)
    if not below:
        return outcome._replace(stderr=outcome.stderr + verdict)
    return outcome._replace(stdout=outcome.stdout + verdict)


def _decide(
    options: GateOptions, stack: ExitStack, report: Report
) -> tuple[Decision, tuple[tuple[str, str | bytes], ...]] | None:
    """The decision and the files to write; None and diagnostics where nothing can be decided."""
    level = level_of(options.fail_on, report)
    as_of = day_of(options.as_of, report)
    refs = (options.policy_ref, options.baseline_ref)
    if options.write_baseline and any(ref is not None for ref in refs):
        words = "a baseline is written from the working tree alone"
        report.usage("DD313", "--write-baseline", words, "leave out --policy-ref, --baseline-ref")
    if report.failed:
        return None
    sources = Sources(
        options.config, options.packs, options.policy_ref, options.baseline,
        options.baseline_ref, options.write_baseline,
    )  # fmt: skip
    grounds = read_grounds(sources, options.today, stack, report)
    if grounds is None:
        return None
    if level is not None:
        grounds = _at_level(grounds, level.severity)
    settings = grounds.settings
    matter = gather(options.paths, settings, report)
    asked = Asked(options.period, as_of, options.today, (), options.language)
    firms = Firms(settings, asked, report)
    evaluations = _evaluations(matter, firms, as_of, report)
    memos = _memos(matter, grounds, firms, report)
    known = grounds.known
    if options.baseline_ref is not None:
        ids = tuple(evaluations)
        at_ref = known_at(sources, ids, asked, grounds, stack, report)
        if at_ref is None:
            return None
        known = at_ref
    terms = Terms(
        settings.policy.fail_on,
        level is not None and level.unknown,
        grounds.waivers,
        known,
        options.today,
    )
    _check_waivers(grounds, firms, evaluations, report)
    return _settled(options, grounds, terms, evaluations, memos, report)


def _at_level(grounds: Grounds, severity: str) -> Grounds:
    settings = grounds.settings
    policy = settings.policy._replace(fail_on=severity)
    plan = settings.plan._replace(packs=settings.plan.packs._replace(policy=policy))
    return grounds._replace(settings=settings._replace(policy=policy, plan=plan))


def _evaluations(
    matter: Matter, firms: Firms, as_of: int | None, report: Report
) -> dict[str, Evaluation]:
    found: dict[str, Evaluation] = {}
    seen: dict[str, str] = {}
    for path in matter.companies:
        company = firms.at(path)
        if company is None:
            continue
        first = seen.setdefault(company.id, path)
        if first != path:
            report.without_place("DD218", path, f"company `{company.id}` is in {first} already")
            continue
        evaluation = firms.evaluated(company, as_of)
        if evaluation is not None:
            found[company.id] = evaluation
    return found


class _Judging(NamedTuple):
    """A memo with the evaluations of its companies as of its day."""

    memo: Memo
    evaluations: dict[str, Evaluation]


def _memos(matter: Matter, grounds: Grounds, firms: Firms, report: Report) -> list[_Judging]:
    found = []
    for memo in read_memos(matter.memos, grounds.settings, report):
        evaluations: dict[str, Evaluation] = {}
        for ident in memo.companies:
            company = firms.named(ident)
            if company is None:
                hint = did_you_mean(ident, firms.ids())
                words = f"no company `{ident}` in {', '.join(grounds.settings.companies)}"
                report.without_place("DD311", memo.path, words, hint)
                continue
            as_of = memo.as_of if memo.as_of is not None else firms.asked.as_of
            evaluation = firms.evaluated(company, as_of)
            if evaluation is not None:
                evaluations[ident] = evaluation
        found.append(_Judging(memo, evaluations))
    return found


def _check_waivers(
    grounds: Grounds, firms: Firms, evaluations: Mapping[str, Evaluation], report: Report
) -> None:
    """Report waivers for companies that nobody knows (DD311) and periods that none has (DD302)."""
    for waiver in grounds.waivers:
        evaluation = evaluations.get(waiver.company)
        if evaluation is not None:
            check_scope(waiver, Figures(evaluation), report)
        elif firms.named(waiver.company) is None:
            hint = did_you_mean(waiver.company, firms.ids())
            words = f"a waiver for `{waiver.company}`, which is no company here"
            report.error("DD311", waiver.node, words, hint)


def _settled(
    options: GateOptions,
    grounds: Grounds,
    terms: Terms,
    evaluations: Mapping[str, Evaluation],
    memos: list[_Judging],
    report: Report,
) -> tuple[Decision, tuple[tuple[str, str | bytes], ...]]:
    audits, answers = _audits(memos, grounds, terms, report)
    readings = [settle(item, terms, answers) for item in evaluations.values()]
    files: tuple[tuple[str, str | bytes], ...] = ()
    notices = list(grounds.notices)
    if options.write_baseline:
        entries = _to_keep([item.gated for item in readings], grounds.kept, evaluations)
        terms = terms._replace(known={entry.key: entry for entry in entries})
        readings = [settle(item, terms, answers) for item in evaluations.values()]
        if not report.failed:  # what could not be judged must not become known
            files = ((grounds.baseline, written(entries)),)
            words = f"findings in the new baseline: {len(entries)}"
            notices.append(Notice("baseline-written", NOTE, grounds.baseline, 0, 0, words))
    else:
        seen = frozenset[object]().union(*(item.seen for item in readings))
        notices += gone(
            grounds.kept, seen, evaluations, grounds.baseline, strict=options.strict_baseline
        )
    for reading in readings:
        notices += reading.notices
    shown = (item._replace(path=report.shown(item.path)) for item in notices)
    decision = Decision(
        terms.level,
        terms.unknowns,
        grounds.name,
        tuple(item.gated for item in readings),
        tuple(audits),
        tuple(shown),
    )
    return decision, files


def _audits(
    memos: list[_Judging], grounds: Grounds, terms: Terms, report: Report
) -> tuple[list[Audit], dict[Entry, str]]:
    """The memos judged, and what those that do not fail answer."""
    audits: list[Audit] = []
    answers: dict[Entry, str] = {}
    for memo, evaluations in memos:
        waived = {
            ident: covered_rules(settle(evaluation, terms))
            for ident, evaluation in evaluations.items()
        }
        audit = audit_memo(memo, evaluations, grounds.settings.policy, waived)
        report_mistakes(audit, lambda: grounds.settings.rules, report)
        audits.append(audit)
        answers |= answers_of(audit, evaluations)
    return audits, answers


def _to_keep(gated: list[Gated], before: tuple[Entry, ...], judged: Collection[str]) -> list[Entry]:
    """The entries of a new baseline: what fails or was known, and those of other companies."""
    found = [entry for entry in before if entry.company not in judged]
    for company in gated:
        found += [item.entry for item in company.settled if item.status in (FAILS, KNOWN)]
    return found
