"""The difference as text: a summary, what is judged more mildly, the changes, each company.

What hides something stands first; what does not change is counted, never left out in silence.
"""

from __future__ import annotations

from ddcheck.engine.model.difference import (
    ADDED,
    APPEARS,
    CHANGED,
    GONE,
    GRAVER,
    MOVED,
    REMOVED,
    WEAKER,
    CompanyChange,
    DefinitionChange,
    Difference,
    VerdictChange,
)
from ddcheck.engine.model.finding import FLAG
from ddcheck.engine.model.periods import day_text
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
    ARROW,
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
from ddcheck.engine.report.lines import WIDTH, Line, Piece, cut, fit, flow, line, wrap
from ddcheck.engine.text.translate import say

_SIGNS = {ADDED: ("+", "good"), REMOVED: ("-", "bad")}
_ID, _TURN = 16, 24
#: Fields that say little of a definition that is added or removed.
_USUAL = frozenset(
    {"frame", "kinds", "stale_after", "category", "weight", "unit_name", "strength",
     "what", "text", "day", "source", "at"}
)  # fmt: skip
#: How much of each list is shown without `--all`.
_MOST = 12


def difference_lines(difference: Difference, *, everything: bool = False) -> list[Line]:
    """The page; `everything` adds what stays below without it, which is counted there."""
    page = _Page(difference, everything=everything)
    return page.lines()


class _Page:
    """The page as it grows."""

    def __init__(self, difference: Difference, *, everything: bool) -> None:
        self.difference = difference
        self.language = difference.language
        self.everything = everything

    def say(self, template: str, **values: object) -> str:
        return say(self.language, template, **values)

    def lines(self) -> list[Line]:
        difference = self.difference
        names = ARROW.join(
            side_name(name, self.language) for name in (difference.old, difference.new)
        )
        day = self.say("today {day}", day=day_text(difference.today))
        lines = [
            line(Piece(f"{self.say('DIFFERENCE')}  {names}", "name"), Piece(f"   {day}", "dim"))
        ]
        found = summary(difference)
        lines += self._wrapped(found.head, "title", 0)
        for parts in (found.grades, found.gates, found.changes):
            chunks: list[Line] = [(Piece(part),) for part in parts]
            lines += [line("  ", *item) for item in flow(chunks, WIDTH - 2)]
        lines += self._first()
        lines += self._definitions()
        for company in difference.companies:
            if company.changes:
                lines += self._company(company)
        return [*lines, line(), *self._same()]

    def _wrapped(self, text: str, style: str, indent: int) -> list[Line]:
        return [line(" " * indent, Piece(part, style)) for part in wrap(text, WIDTH - indent)]

    # --- what to read first

    def _first(self) -> list[Line]:
        weaker = [
            (company, item) for company in self.difference.companies for item in company.of(*WEAKER)
        ]
        gone = [company for company in self.difference.companies if company.status == GONE]
        if not weaker and not gone:
            return []
        title = self.say("READ FIRST: judged more mildly than before, or no longer judged")
        lines = [line(), line(Piece(f"{title} ({len(weaker) + len(gone)})", "title"))]
        for company in gone:
            lines += self._wrapped(gone_text(company, self.language), "bad", 2)
        groups: dict[tuple[str, str], list[tuple[CompanyChange, VerdictChange]]] = {}
        weaker.sort(key=lambda pair: WEAKER.index(pair[1].kind))
        for company, item in weaker:
            key = item.title, causes_text(item, self.language)
            groups.setdefault(key, []).append((company, item))
        for (title, why), items in groups.items():
            lines.append(line("  ", Piece(cut(title, 60), "key"), f"  {items[0][1].rule}"))
            lines += self._wrapped(why, "dim", 6)
            lines += [self._turn(company, item) for company, item in items]
        return lines

    def _turn(self, company: CompanyChange, item: VerdictChange) -> Line:
        ids = (len(each.id) for each in self.difference.companies)
        wide = max(_ID, min(32, max(ids) + 1))
        room = WIDTH - 6 - wide - _TURN
        return line(
            "      ", Piece(fit(company.id, wide - 1) + " "),
            Piece(fit(turn_text(item, self.language), _TURN - 2) + "  ", "bad"),
            Piece(cut(figures_text(item, self.language), room), "dim"),
        )  # fmt: skip

    def _verdict(self, item: VerdictChange) -> list[Line]:
        style = "bad" if item.kind in (APPEARS, GRAVER) and not item.strength else ""
        turn = turn_text(item, self.language)
        head = line("  ", Piece(fit(turn, _TURN) + "  ", style), cut(item.title, WIDTH - _TURN - 4))
        lines = [head]
        for text in (figures_text(item, self.language), causes_text(item, self.language)):
            if text:
                lines += self._wrapped(text, "dim", 6)
        return lines

    # --- definitions

    def _definitions(self) -> list[Line]:
        changes = self.difference.definitions
        if not changes:
            return []
        lines = [line(), line(Piece(self.say("WHAT THE PACKS CHANGE"), "title"))]
        shown = [item for item in changes if self.everything or not item.is_words]
        for item in shown:
            lines += self._definition(item)
        words = len(changes) - len(shown)
        if words:
            text = counted(
                self.language, words,
                "1 definition changes in words or tests alone: --all",
                "{n} definitions change in words or tests alone: --all",
            )  # fmt: skip
            lines.append(line("  ", Piece(text, "dim")))
        return lines

    def _definition(self, item: DefinitionChange) -> list[Line]:
        sign, style = _SIGNS.get(item.change, ("~", "warn"))
        way = looser_text(item.looser, self.language)
        lines = [
            line(
                "  ", Piece(sign, style), " ",
                Piece(cut(definition_text(item, self.language), 60), "key"),
                Piece(f"  {way}" if way else "", "bad" if item.looser else ""),
                Piece(f"  {item.new or item.old or ''}", "dim"),
            )
        ]  # fmt: skip
        title = item.title.text(self.language)
        if item.change != CHANGED and title != item.id:
            lines += self._wrapped(title, "", 6)
        fields = [field for field in item.fields if not field.words]
        if item.change != CHANGED and not self.everything:
            fields = [field for field in fields if field.name not in _USUAL]
        for field in fields:
            text = f"{field.name}: {field_text(field.old, field.new)}"
            if item.change != CHANGED:
                text = f"{field.name}: {field.new if field.old is None else field.old}"
            elif field.looser is not None and len(fields) > 1:
                text += f"  {looser_text(field.looser, self.language)}"
            lines += self._wrapped(text, "", 6)
        words = [field.name for field in item.fields if field.words]
        if words and item.change == CHANGED:
            names = self.say(", ").join(words)
            lines += self._wrapped(self.say("in words or tests: {names}", names=names), "dim", 6)
        return lines

    # --- a company

    def _company(self, company: CompanyChange) -> list[Line]:
        name = company.name.text(self.language)
        pieces = [Piece(f"{name} ({company.id})", "name")]
        if company.status != "compared":
            pieces.append(Piece(f"  {self.say(company.status)}", "warn"))
        texts = head_texts(company, self.language)
        pieces += [Piece(f"  {text}", "title") for text in texts]
        lines = [line(), line(*pieces)]
        lines += self._grades(company)
        weaker = company.of(*WEAKER)
        if weaker:
            text = counted(
                self.language, len(weaker), "1 verdict stands above, under READ FIRST",
                "{n} verdicts stand above, under READ FIRST",
            )  # fmt: skip
            lines.append(line("  ", Piece(text, "dim")))
        lines += self._verdicts(company)
        lines += self._must_know(company)
        lines += self._facts(company)
        for item in company.head:
            if self.everything or not item.is_words:
                lines += self._definition(item)
        lines += self._conflicts(company)
        lines += self._letters(company)
        return lines

    def _grades(self, company: CompanyChange) -> list[Line]:
        chunks: list[Line] = [(Piece(text),) for text in category_texts(company, self.language)]
        lines = [line("  ", *item) for item in flow(chunks, WIDTH - 2)]
        for text in gate_texts(company, self.language):
            lines += self._wrapped(text, "", 2)
        return lines

    def _verdicts(self, company: CompanyChange) -> list[Line]:
        lines: list[Line] = []
        left = 0
        for item in company.verdicts:
            if item.kind in WEAKER and not item.strength:
                continue
            flagged = item.new is not None and item.new.outcome == FLAG and not item.strength
            if item.kind == MOVED and not flagged and not self.everything:
                left += 1
                continue
            lines += self._verdict(item)
        if left:
            text = counted(
                self.language, left, "1 more verdict stays, on other figures or limits: --all",
                "{n} more verdicts stay, on other figures or limits: --all",
            )  # fmt: skip
            lines.append(line("  ", Piece(text, "dim")))
        return lines

    def _must_know(self, company: CompanyChange) -> list[Line]:
        lines: list[Line] = []
        for text, now in must_know_texts(company, self.language):
            lines += self._wrapped(text, "bad" if now else "", 2)
        return lines

    def _facts(self, company: CompanyChange) -> list[Line]:
        lines: list[Line] = []
        shown = company.facts if self.everything else company.facts[:_MOST]
        for item in shown:
            sign, style = _SIGNS.get(item.change, ("~", "warn"))
            name, said = fact_text(item, self.language)
            text = f"{name}: {said}"
            if item.change not in (ADDED, REMOVED):
                text = f"{change_text(item.change, self.language)} {text}"
            first, *rest = wrap(f"{text}  {item.new_at or item.old_at}", WIDTH - 6)
            lines.append(line("  ", Piece(sign, style), f" {first}"))
            lines += [line("      ", part) for part in rest]
        left = len(company.facts) - len(shown)
        if left:
            text = counted(
                self.language, left, "1 more fact changes: --all", "{n} more facts change: --all"
            )
            lines.append(line("  ", Piece(text, "dim")))
        return lines

    def _conflicts(self, company: CompanyChange) -> list[Line]:
        lines: list[Line] = []
        for item in company.conflicts:
            style = "warn" if item.change == ADDED else ""
            lines += self._wrapped(conflict_text(item, self.language), style, 2)
        return lines

    def _letters(self, company: CompanyChange) -> list[Line]:
        if not company.letters:
            return []
        shown = company.letters if self.everything else company.letters[:_MOST]
        chunks: list[Line] = [(Piece(letter_text(item, self.language)),) for item in shown]
        if len(company.letters) > len(shown):
            n = len(company.letters) - len(shown)
            text = counted(self.language, n, "1 more metric: --all", "{n} more metrics: --all")
            chunks.append((Piece(text, "dim"),))
        title = self.say("metrics: ")
        indent = "    "
        return [
            line("  ", Piece(title if not i else indent, "dim"), *item)
            for i, item in enumerate(flow(chunks, WIDTH - 16))
        ]

    # --- what stays

    def _same(self) -> list[Line]:
        difference = self.difference
        still = [company.id for company in difference.companies if not company.changes]
        words = []
        if still:
            names = self.say(", ").join(still)
            words.append(self.say("not changed: {names}", names=names))
        verdicts = sum(company.same[0] for company in difference.companies)
        facts = sum(company.same[1] for company in difference.companies)
        words.append(
            self.say(
                "the same on both sides: {verdicts} verdicts, {facts} facts, "
                "{definitions} definitions",
                verdicts=verdicts, facts=facts, definitions=difference.same,
            )
        )  # fmt: skip
        if difference.undecided:
            names = self.say(", ").join(difference.undecided)
            words.append(
                self.say("no rule decides anything on either side of: {names}", names=names)
            )
        return [item for text in words for item in self._wrapped(text, "dim", 0)]
