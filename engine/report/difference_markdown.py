"""The difference as Markdown, for a comment on a pull request.

Everything that packs and companies say is data: it is shown as it is written and can neither
format, link, mention nor close anything. The comment stays below the size that platforms take.
"""

from __future__ import annotations

from collections.abc import Iterable

from ddcheck.engine.model.difference import (
    CHANGED,
    COMPARED,
    GONE,
    MOVED,
    WEAKER,
    CompanyChange,
    DefinitionChange,
    Difference,
    FactChange,
    VerdictChange,
)
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.report.difference_company import (
    category_texts,
    conflict_text,
    gate_texts,
    gone_text,
    head_texts,
    letter_text,
    must_know_texts,
)
from ddcheck.engine.report.difference_words import (
    causes_text,
    change_text,
    counted,
    definition_text,
    fact_text,
    field_text,
    figures_text,
    looser_text,
    side_name,
    summary,
    turn_text,
)
from ddcheck.engine.report.markdown_text import code, inert
from ddcheck.engine.text.translate import say

#: By this line a workflow finds its own comment, to write it anew.
MARKER = "<!-- ddcheck:diff -->"
#: Platforms refuse comments beyond 65,536 characters; some count bytes.
MAX_BYTES = 60_000
_MOST = 20
#: The most characters of one text: a list of causes is long.
_LONG = 1_000


def escaped(text: str) -> str:
    """`text` as it is written, on one line."""
    return inert(text, _LONG)


def difference_markdown(difference: Difference, *, everything: bool = False) -> str:
    """The comment; what does not fit is counted at its end."""
    language = difference.language
    head = _head(difference)
    blocks = [*_first(difference), *_definitions(difference, everything=everything)]
    blocks += [
        _company(company, language, everything=everything)
        for company in difference.companies
        if company.changes
    ]
    foot = _foot(difference)
    left, size = 0, len((head + foot).encode())
    kept = []
    for block in blocks:
        size += len(block.encode())
        if size > MAX_BYTES:
            left += 1
        else:
            kept.append(block)
    if left:
        text = counted(language, left, "1 more part does not fit here",
                       "{n} more parts do not fit here")  # fmt: skip
        kept.append(f"\n**{escaped(text)}**\n")
    return head + "".join(kept) + foot


def _head(difference: Difference) -> str:
    language = difference.language
    names = (code(side_name(name, language)) for name in (difference.old, difference.new))
    found = summary(difference)
    lines = [MARKER, f"### ddcheck: {' → '.join(names)}", "", f"**{escaped(found.head)}**", ""]
    lines += [f"- {escaped(text)}" for text in (*found.grades, *found.gates, *found.changes)]
    return "\n".join(lines) + "\n"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = [escaped(head) for head in heads]
    lines = ["", f"| {' | '.join(titles)} |", f"| {' | '.join('---' for _ in titles)} |"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _verdict_cells(item: VerdictChange, language: str) -> list[str]:
    return [
        escaped(turn_text(item, language)),
        f"{escaped(item.title)} {code(item.rule)}",
        escaped(figures_text(item, language)),
        escaped(causes_text(item, language)),
    ]


def _verdict_heads(language: str) -> list[str]:
    return [
        say(language, "verdict"), say(language, "rule"), say(language, "figures"),
        say(language, "what does it"),
    ]  # fmt: skip


def _first(difference: Difference) -> list[str]:
    language = difference.language
    weaker = [(company, item) for company in difference.companies for item in company.of(*WEAKER)]
    gone = [company for company in difference.companies if company.status == GONE]
    if not weaker and not gone:
        return []
    weaker.sort(key=lambda pair: WEAKER.index(pair[1].kind))
    title = say(language, "READ FIRST: judged more mildly than before, or no longer judged")
    rows = ([code(company.id), *_verdict_cells(item, language)] for company, item in weaker)
    heads = [say(language, "company"), *_verdict_heads(language)]
    text = f"\n#### {escaped(title)} ({len(weaker) + len(gone)})\n\n"
    text += "".join(f"- {escaped(gone_text(company, language))}\n" for company in gone)
    return [text, _table(heads, rows) if weaker else ""]


def _definitions(difference: Difference, *, everything: bool) -> list[str]:
    language = difference.language
    shown = [item for item in difference.definitions if everything or not item.is_words]
    words = len(difference.definitions) - len(shown)
    if not difference.definitions:
        return []
    text = f"\n#### {escaped(say(language, 'WHAT THE PACKS CHANGE'))}\n"
    rows = []
    for item in shown:
        fields = [
            f"{escaped(field.name)}: {code(field_text(field.old, field.new))}"
            for field in item.fields
            if not field.words and item.change == CHANGED
        ]
        what = "<br>".join(fields) or escaped(change_text(item.change, language))
        rows.append(
            [
                code(definition_text(item, language)), what,
                escaped(looser_text(item.looser, language)), code(str(item.new or item.old or "")),
            ]
        )  # fmt: skip
    if rows:
        heads = [say(language, name) for name in ("definition", "change", "effect", "place")]
        text += _table(heads, rows)
    if words:
        said = counted(
            language, words, "1 definition changes in words or tests alone: --all",
            "{n} definitions change in words or tests alone: --all",
        )  # fmt: skip
        text += f"\n{escaped(said)}\n"
    return [text]


def _company(company: CompanyChange, language: str, *, everything: bool) -> str:
    """One company; its verdicts that are weaker stand above already."""
    name = f"{escaped(company.name.text(language))} {code(company.id)}"
    status = f" {escaped(say(language, company.status))}" if company.status != COMPARED else ""
    text = f"\n#### {name}{status}\n"
    said = [*head_texts(company, language), *gate_texts(company, language)]
    said += category_texts(company, language)
    said += [words for words, _ in must_know_texts(company, language)]
    said += [conflict_text(item, language) for item in company.conflicts]
    said += [_head_text(item, language) for item in company.head if everything or not item.is_words]
    said += [letter_text(item, language) for item in company.letters]
    if said:
        text += "\n" + "".join(
            f"- {escaped(each)}\n" for each in said[: None if everything else _MOST]
        )
    if len(said) > _MOST and not everything:
        n = len(said) - _MOST
        words = counted(language, n, "1 more change: --all", "{n} more changes: --all")
        text += f"- {escaped(words)}\n"
    rows, left = [], 0
    for item in company.verdicts:
        if item.kind in WEAKER and not item.strength:
            continue
        flagged = item.new is not None and item.new.outcome == FLAG and not item.strength
        if item.kind == MOVED and not flagged and not everything:
            left += 1
        else:
            rows.append(_verdict_cells(item, language))
    if rows:
        text += _table(_verdict_heads(language), rows)
    if left:
        words = counted(
            language, left, "1 more verdict stays, on other figures or limits: --all",
            "{n} more verdicts stay, on other figures or limits: --all",
        )  # fmt: skip
        text += f"\n{escaped(words)}\n"
    facts = company.facts if everything else company.facts[:_MOST]
    if facts:
        heads = [say(language, name) for name in ("fact", "change", "said", "place")]
        text += _table(heads, (_fact_cells(item, language) for item in facts))
    if len(company.facts) > len(facts):
        n = len(company.facts) - len(facts)
        words = counted(language, n, "1 more fact changes: --all", "{n} more facts change: --all")
        text += f"\n{escaped(words)}\n"
    return text


def _head_text(item: DefinitionChange, language: str) -> str:
    """A change of the company's head or sources; of one that stays, both values of each field."""
    text = f"{definition_text(item, language)} {change_text(item.change, language)}"
    if item.change != CHANGED:
        return text
    fields = (
        f"{field.name} {field_text(field.old, field.new)}"
        for field in item.fields
        if not field.words
    )
    return say(language, ": ").join((text, say(language, "; ").join(fields)))


def _fact_cells(item: FactChange, language: str) -> list[str]:
    name, said = fact_text(item, language)
    place = item.new_at or item.old_at
    return [code(name), escaped(change_text(item.change, language)), code(said), code(str(place))]


def _foot(difference: Difference) -> str:
    language = difference.language
    text = say(
        language,
        "the same on both sides: {verdicts} verdicts, {facts} facts, {definitions} definitions",
        verdicts=sum(company.same[0] for company in difference.companies),
        facts=sum(company.same[1] for company in difference.companies),
        definitions=difference.same,
    )
    return f"\n{escaped(text)}\n"
