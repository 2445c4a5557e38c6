"""Applying layers: what packs and a project set and override, put into what they build on.

The nearest layer wins, field by field: a project over all packs, a pack over those it extends. An
override works on the entry as it stands in its file, before it is read, so that every field keeps
the place where it was written; nothing but the fields that it names is replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ddcheck.engine.model.definitions import fields_of, read_entry
from ddcheck.engine.model.layered import OFF, Change, Layer, Written
from ddcheck.engine.model.pack import (
    DIRECTIONS,
    MetricDefinition,
    Pack,
    Packs,
    Parameter,
    Policy,
    RuleDefinition,
)
from ddcheck.engine.model.parameters import written_values
from ddcheck.engine.text import shape
from ddcheck.engine.text.diagnostics import Report
from ddcheck.engine.text.document import Mapping, Node, Scalar, Sequence
from ddcheck.engine.text.suggest import did_you_mean


def read_layer(root: Mapping, name: str, reach: frozenset[str], report: Report) -> Layer | None:
    """What the head of a pack says about the packs that it extends; None where it says nothing."""
    sets = shape.mapping(root.get("set"), "`set`", report)
    shape.texts(root.get("locked"), "`locked`", report)
    layer = Layer(
        name,
        reach,
        tuple(sets.items()) if sets is not None else (),
        read_overrides(root.get("overrides"), report),
        tuple(_scalars(root.get("locked"))),
    )
    return layer if layer.changes_anything or layer.locked else None


def read_overrides(node: Node | None, report: Report) -> tuple[tuple[Scalar, Mapping], ...]:
    """Each id under `overrides:` with the fields that it replaces."""
    entries = shape.mapping(node, "`overrides`", report)
    found = (
        (key, shape.mapping(item, f"the override of `{key.text}`", report))
        for key, item in (entries.items() if entries is not None else ())
    )
    return tuple((key, fields) for key, fields in found if fields is not None)


def project_layer(
    policy: Policy, name: str, packs: Packs, own: Packs | None = None
) -> Layer | None:
    """What a project's own file says about the packs it applies; None where it says nothing.

    Where the command line asks for other `packs` than the project's `own`, what only those have
    is left out.
    """
    reach = frozenset(pack.id for pack in packs.packs)
    elsewhere = _ids(own) - _ids(packs) if own is not None else frozenset()
    sets = tuple(item for item in policy.parameters if item[0].text not in elsewhere)
    overrides = tuple(item for item in policy.overrides if item[0].text not in elsewhere)
    layer = Layer(name, reach, sets, overrides, (), is_project=True)
    return layer if layer.changes_anything else None


def _ids(packs: Packs) -> frozenset[str]:
    return frozenset(
        ident for pack in packs.packs for ident in (*pack.parameters, *pack.metrics, *pack.rules)
    )


def with_layers(packs: Packs, layers: tuple[Layer, ...], report: Report) -> Packs:
    """`packs` as written with what `layers` say, the nearest last; mistakes are reported.

    DD222 for an entry and DD312 for a parameter that is not beneath the layer, DD223 for a field
    that the entry cannot have, DD225 where two layers of which neither extends the other change the
    same, DD621 outside of a parameter's bounds. What is at fault is left as it was.
    """
    if not layers:
        return packs._replace(packs=packs.bare, layers=(), changes=())
    work = _Work(packs.bare, report)
    for layer in layers:
        work.take(layer)
    return packs._replace(packs=work.packs(), layers=layers, changes=tuple(work.changes))


class _Work:
    """Packs while layers are put into them."""

    def __init__(self, bare: tuple[Pack, ...], report: Report) -> None:
        self.bare = bare
        self.report = report
        self.changes: list[Change] = []
        self.parameters = {pack.id: dict(pack.parameters) for pack in bare}
        self.fields: dict[tuple[str, str], dict[str, Change]] = {}
        self._writers: dict[tuple[str, str], tuple[Layer, Scalar]] = {}

    def take(self, layer: Layer) -> None:
        for key, node in layer.sets:
            home = self._home(layer, key, "parameter")
            if home is not None:
                self._set(layer, home, key, node)
        for key, fields in layer.overrides:
            home = self._home(layer, key, "metric or rule")
            if home is not None:
                self._override(layer, home, key, fields)
        for key in layer.locked:
            known = list(self._lockable(layer))
            if key.text not in known:
                words = f"no parameter, metric or rule `{key.text}` in this pack or what it extends"
                self.report.error("DD222", key, words, did_you_mean(key.text, known))

    def _lockable(self, layer: Layer) -> Iterator[str]:
        for pack in self.bare:
            if pack.id == layer.name or pack.id in layer.reach:
                yield from (*pack.parameters, *pack.metrics, *pack.rules)

    def _home(self, layer: Layer, key: Scalar, what: str) -> Pack | None:
        """The pack beneath `layer` that has what `key` names, or None and DD222 or DD312."""
        name, wanted = key.text, what == "parameter"
        has = {pack.id: pack.parameters if wanted else pack.entries for pack in self.bare}
        for pack in self.bare:
            if pack.id in layer.reach and name in has[pack.id]:
                return pack
        code = "DD312" if wanted else "DD222"
        elsewhere = next((pack.id for pack in self.bare if name in has[pack.id]), None)
        if elsewhere == layer.name:
            words = f"`{name}` is defined in this pack itself: nothing beneath it to change"
            self.report.error(code, key, words, "change its definition")
        elif elsewhere is not None:
            words = f"`{name}` is in pack `{elsewhere}`, which this pack does not extend"
            self.report.error(code, key, words, f"add {elsewhere} to `extends`")
        else:
            below = [item for ident in sorted(layer.reach) for item in has.get(ident, ())]
            other = next(
                (pack.id for pack in self.bare if name in (pack.entries if wanted
                 else pack.parameters)), None,
            )  # fmt: skip
            hint = did_you_mean(name, below)
            if other is not None:
                hint = f"it is a {'metric or rule' if wanted else 'parameter'} of pack `{other}`"
            where = "the packs of this project" if layer.is_project else "what this pack extends"
            self.report.error(code, key, f"no {what} `{name}` in {where}", hint)
        return None

    def _free(self, layer: Layer, ident: str, field: str, key: Scalar) -> bool:
        """Whether `layer` may write the field; DD225 if one that it does not extend has."""
        slot = (ident, "limits" if field in DIRECTIONS else field)
        before = self._writers.get(slot)
        if before is not None and before[0].name not in layer.reach:
            other, node = before
            words = f"`{ident}` is changed in pack `{other.name}` as well"
            if field:
                words = f"`{field}` of `{ident}` is changed in pack `{other.name}` as well"
            place = f"{node.source.path}:{node.line}"
            self.report.error(
                "DD225", key, words, f"neither extends the other: see {place}, keep one of the two"
            )
            return False
        self._writers[slot] = layer, key
        return True

    def _set(self, layer: Layer, home: Pack, key: Scalar, node: Node) -> None:
        parameter = self.parameters[home.id][key.text]
        values = written_values(parameter, node, self.report)
        if values is None or not self._free(layer, key.text, "", key):
            return
        written = (*parameter.written, Written(layer.name, key, values))
        days = tuple(node.keys.values()) if isinstance(node, Mapping) else ()
        self.parameters[home.id][key.text] = parameter._replace(
            values=values, node=key, written=written, dated=(*days, *parameter.dated)
        )
        self.changes.append(Change(key.text, None, layer.name, key, node))

    def _override(self, layer: Layer, home: Pack, key: Scalar, fields: Mapping) -> None:
        section = home.entries[key.text].section
        known = fields_of(section) | ({OFF} if section != "metrics" else set())
        if not fields.keys and not fields.partial:
            words = f"the override of `{key.text}` names no field"
            self.report.error("DD223", key, words, f"known fields: {', '.join(sorted(known))}")
        for field, node in fields.items():
            if field.text not in known:
                hint = did_you_mean(field.text, sorted(known))
                hint = hint or f"known fields: {', '.join(sorted(known))}"
                words = f"`{key.text}` is a {_KINDS[section]}, which has no field `{field.text}`"
                self.report.error("DD223", field, words, hint)
                continue
            if field.text == OFF and not self._reason(node):
                continue
            if not self._free(layer, key.text, field.text, field):
                continue
            change = Change(key.text, field.text, layer.name, field, node)
            own = self.fields.setdefault((home.id, key.text), {})
            if field.text in DIRECTIONS:
                for other in DIRECTIONS:
                    own.pop(other, None)
            own[field.text] = change
            self.changes.append(change)

    def _reason(self, node: Node) -> bool:
        """Whether `node` says why a rule is off; `true` and `false` say nothing (DD110)."""
        found = shape.scalar(node, "`off`, the reason,", self.report)
        if found is not None and found.truth is not None:
            words = f"`off` takes the reason in words, not `{found.text}`"
            help_ = "write why it is off; leave `off` out to keep the rule"
            self.report.error("DD110", found, words, help_)
            return False
        return found is not None

    def packs(self) -> tuple[Pack, ...]:
        """Every pack with its definitions as they are with all layers."""
        found = []
        for pack in self.bare:
            metrics, rules = dict(pack.metrics), dict(pack.rules)
            for (home, ident), fields in self.fields.items():
                if home != pack.id:
                    continue
                if OFF in fields:
                    rules.pop(ident, None)
                    continue
                definition = self._read(pack, ident, list(fields.values()))
                if isinstance(definition, MetricDefinition):
                    metrics[ident] = definition
                elif definition is not None:
                    rules[ident] = definition
            parameters: dict[str, Parameter] = self.parameters[pack.id]
            found.append(pack._replace(parameters=parameters, metrics=metrics, rules=rules))
        return tuple(found)

    def _read(
        self, pack: Pack, ident: str, fields: list[Change]
    ) -> MetricDefinition | RuleDefinition | None:
        """The definition of `ident` with `fields` in place of its own.

        What is wrong with the whole of it is said where the last of them stands.
        """
        entry = pack.entries[ident]
        node = merged(entry.mapping, fields)
        place = fields[-1].key
        key = Scalar(place.source, ident, None, place.line, place.column, place.index)
        definition = read_entry(entry._replace(key=key, mapping=node), pack.id, self.report)
        return definition._replace(node=entry.key) if definition is not None else None


_KINDS = {"metrics": "metric", "rules": "rule", "strengths": "strength"}


def merged(entry: Mapping, fields: Iterable[Change]) -> Mapping:
    """`entry` with each of `fields` in place of its own, whole; a severity ladder has one way."""
    found = Mapping(entry.source, entry.line, entry.column)
    found.partial = entry.partial
    found.keys, found.entries = dict(entry.keys), dict(entry.entries)
    for change in fields:
        name = change.key.text
        if name in DIRECTIONS:
            for other in DIRECTIONS:
                found.keys.pop(other, None)
                found.entries.pop(other, None)
        found.keys[name], found.entries[name] = change.key, change.node
    return found


def _scalars(node: Node | None) -> Iterator[Scalar]:
    items = node.items if isinstance(node, Sequence) else [node]
    for item in items:
        if isinstance(item, Scalar) and not item.is_null:
            yield item
