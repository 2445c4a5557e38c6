"""The rules of a SARIF log: what each id means, why it matters, and what to do about it.

Texts of packs are data: in Markdown their signs are escaped.
"""

from __future__ import annotations

import re

from ddcheck.engine.model.decision import GateResult
from ddcheck.engine.model.evaluation import Evaluation
from ddcheck.engine.model.pack import SEVERITIES, RuleDefinition
from ddcheck.engine.report.json_values import Json
from ddcheck.engine.report.problems import FINDING, MISTAKE, Problem
from ddcheck.engine.report.spots import one_line
from ddcheck.engine.text.translate import say

#: A platform shows no more tags of a rule than these.
MOST_TAGS = 10
_SIGNS = re.compile(r"([\\`*_\[\]<>#|~&!@])")
#: What the gate and memos are checked for; the ids are those of remarks, verdicts and notices.
_MEANINGS = {
    "memo/match-rounded": "A claim holds only within the rounding of the facts",
    "memo/mismatch": "A claim of a memo does not agree with the facts",
    "memo/overprecise": "A claim of a memo has more digits than the facts bear",
    "memo/unresolved": "A claim of a memo cannot be judged",
    "memo/flag-unanswered": "A memo does not answer a flag",
    "memo/flag-not-up": "A memo answers a flag that is not up",
    "memo/unknown-unowned": "A memo does not own up to an unknown that must be known",
    "memo/section-missing": "A memo lacks a section that the policy wants",
    "memo/section-empty": "A section of a memo that the policy wants is empty",
    "memo/recommendation-missing": "A memo has no recommendation",
    "memo/recommendation-unknown": "A recommendation that the policy does not know",
    "memo/recommendation-not-allowed": "A recommendation that the policy forbids for the grade",
    "memo/source-too-young": "A memo cites a source that is younger than it",
    "memo/untagged": "A number of a memo has no tag",
    "gate/waiver-broken": "A waiver no longer holds",
    "gate/waiver-expired": "A waiver has expired",
    "gate/waiver-unused": "A waiver covers nothing",
    "gate/baseline-gone": "An entry of the baseline no longer occurs",
    "gate/baseline-written": "The baseline was written",
    "gate/baseline-absent": "There is no baseline yet",
    "gate/loosened": "The project judges more mildly than the packs it uses",
    "gate/rule-pending": "A rule comes into force on a day to come",
    "gate/policy-changed": "A change alters what decides on it",
}


def rules_of(found: list[Problem], result: GateResult) -> list[dict[str, Json]]:
    """The rules that `found` names, each once, in the order of their first result."""
    plans = {}
    for company in result.decision.companies if result.decision is not None else ():
        plans.update(dict.fromkeys(company.evaluation.plan.rules, company.evaluation))
    rules: dict[str, dict[str, Json]] = {}
    for item in found:
        if item.rule in rules:
            continue
        if item.kind == FINDING:
            rules[item.rule] = _rule(item, plans[item.rule], result.language)
        else:
            rules[item.rule] = _own(item, result.language)
    return list(rules.values())


def _rule(item: Problem, evaluation: Evaluation, language: str) -> dict[str, Json]:
    definition = evaluation.plan.rules[item.rule].definition
    title = one_line(definition.title.text(language))
    parts = _help(definition, language)
    plain = "\n\n".join(f"{head.capitalize()}: {text}" for head, text in parts)
    rich = "\n\n".join(f"**{head.capitalize()}** {escaped(text)}" for head, text in parts)
    tags = [definition.category or "", definition.pack, *sorted(definition.tags)]
    severity = evaluation.plan.rules[item.rule].gravest
    grave = SEVERITIES.index(severity) <= SEVERITIES.index("high")
    shown: list[Json] = [tag for tag in dict.fromkeys(tags) if tag]
    return {
        "id": item.rule,
        "name": _name(item.rule),
        "shortDescription": {"text": title},
        "fullDescription": {
            "text": one_line(definition.why.text(language)) if definition.why else title
        },
        "help": {"text": plain or title, "markdown": rich or escaped(title)},
        "defaultConfiguration": {"level": "error" if grave else "warning"},
        "properties": {"tags": shown[:MOST_TAGS]},
    }


def _help(definition: RuleDefinition, language: str) -> list[tuple[str, str]]:
    """Why a rule matters, what to ask, and where it comes from, as far as its pack says."""
    texts = (
        (say(language, "why"), definition.why.text(language) if definition.why else None),
        (say(language, "ask"), definition.ask.text(language) if definition.ask else None),
        (say(language, "reference"), definition.reference),
    )
    return [(head, one_line(text)) for head, text in texts if text]


def _own(item: Problem, language: str) -> dict[str, Json]:
    """A check of our own, or the code of a mistake."""
    if item.kind == MISTAKE:
        found = meaning_of(item.rule)
    else:
        title = say(language, _MEANINGS.get(item.rule, item.rule))
        found = _described(item.rule, _name(item.rule), title, title)
    found["defaultConfiguration"] = {"level": item.level}
    found["properties"] = {"tags": [item.kind]}
    return found


def meaning_of(code: str) -> dict[str, Json]:
    """What the code of a diagnostic means and how the mistake is mended."""
    from ddcheck.engine.text.codes import CODES

    title, help_ = CODES.get(code, (code, code))
    return _described(code, _name(title), title, help_)


def _described(ident: str, name: str, title: str, help_: str) -> dict[str, Json]:
    return {
        "id": ident,
        "name": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": help_, "markdown": escaped(help_)},
    }


def _name(text: str) -> str:
    """A name in the form that readers of SARIF expect: `RevenueFalling`."""
    return "".join(word.capitalize() for word in re.split(r"[^0-9A-Za-z]+", text))


def escaped(text: str) -> str:
    """`text` as Markdown that shows it as it is: no link, image, mark-up or mention."""
    return _SIGNS.sub(r"\\\1", text)
