"""From one parameter of a query string to a condition: modifiers, chains, reverse chains and compartments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cart_fhir.definitions import Registry
from cart_fhir.errors import BadRequest, NotSupported
from cart_fhir.search import filter, fulltext, near
from cart_fhir.search.codes import CodeSets
from cart_fhir.search.parameters import Definition, parameters
from cart_fhir.search.phonetic import CODE as PHONETIC
from cart_fhir.search.query import (
    AllOf,
    AnyOf,
    Chain,
    CodeSet,
    CompositeValue,
    Condition,
    Has,
    Include,
    InList,
    Match,
    Missing,
    Not,
    OfType,
    OnType,
    Parameter,
    ReferenceValue,
    SimpleValue,
    StringValue,
    TokenText,
    TokenValue,
    UriValue,
    Value,
)
from cart_fhir.search.text import fold
from cart_fhir.search.values import MAX_VALUES, Values, split, unescape

MAX_DEPTH = 8
"""Links of a chain; more than any clinical question needs, few enough for a database to plan."""

MAX_CODES = 20_000
"""Codes of a value set in one search; databases limit the parameters of a statement."""

_TREES = {"Location": "partof", "Organization": "partof", "Encounter": "part-of"}
"""Type -> the parameter by which its resources are parts of others: https://hl7.org/fhir/R4/search.html#hierarchy"""

ID = Parameter("_id", "token")
LAST_UPDATED = Parameter("_lastUpdated", "date")


@dataclass(frozen=True)
class Criteria:
    """Reads the criteria of a search over these types (none: all types, by the parameters they share)."""

    registry: Registry
    types: tuple[str, ...]
    codes: CodeSets | None = None
    values: Values = field(default_factory=Values)
    depth: int = 0
    full_text: bool = False

    def condition(self, name: str, value: str) -> Condition:
        """The condition of one `name=value`; NotSupported for an unknown parameter or modifier, BadRequest else."""
        if name.startswith("_has:"):
            return self._has(name, value)
        head, _, rest = name.partition(".")
        code, _, modifier = head.partition(":")
        if rest:
            return self._chain(code, modifier, rest, value)
        if code in fulltext.CODES:
            return self._full_text(code, modifier, value)
        special = _SPECIAL.get(code)
        if special:
            if modifier:
                raise NotSupported(f"'{code}' takes no modifier.")
            return special(self, value)
        definition = self.definition(code)
        if modifier == "missing":
            return self._missing(definition, value)
        if definition.parameter.kind == "composite":
            if modifier:
                raise NotSupported(f"The composite '{code}' takes no modifier '{modifier}'.")
            return self._composite(definition, value)
        return self._match(definition.parameter, modifier, value)

    def _full_text(self, code: str, modifier: str, value: str) -> Condition:
        if not self.full_text:
            raise NotSupported(f"'{code}' is not offered: this store keeps no words.", advice="See docs/stores.md.")
        if modifier:
            raise NotSupported(f"'{code}' takes no modifier.")
        return fulltext.read(code, value)

    def definition(self, code: str) -> Definition:
        """The definition of a parameter that all the types have in the same kind."""
        if code in ("_id", "_lastUpdated"):
            return Definition(ID if code == "_id" else LAST_UPDATED, "", ())
        found = [parameters(self.registry).find(type, code) for type in self.types or ("Resource",)]
        first = found[0]
        if first is None or any(one is None or one.parameter.kind != first.parameter.kind for one in found):
            where = " and ".join(self.types) or "all types together"
            raise NotSupported(f"'{code}' is no search parameter of {where}.", advice=self._known())
        return (
            first if len(found) == 1 else replace(first, parameter=_merged(self.types, [one for one in found if one]))
        )

    def _known(self) -> str:
        if len(self.types) != 1:
            return ""
        names = sorted([*parameters(self.registry).of(self.types[0]), "_id", "_lastUpdated"])
        return f"There are: {', '.join(names)}."

    def parameter(self, code: str) -> Parameter:
        """The parameter with this code; NotSupported for an unknown one."""
        return self.definition(code).parameter

    def simple(self, parameter: Parameter, text: str) -> SimpleValue:
        """One value of a parameter that is not composite."""
        return self.values.simple(parameter, text)

    def sortable(self, code: str) -> Parameter:
        """The parameter to sort by; BadRequest for a composite or special one."""
        parameter = self.definition(code).parameter
        if parameter.kind == "composite":
            raise NotSupported(f"Results cannot be sorted by the composite '{code}'.")
        return parameter

    def include(self, value: str, modifier: str, *, reverse: bool) -> Include:
        """`Type:parameter[:target]` of an `_include` or `_revinclude`, `*` for all."""
        name = "_revinclude" if reverse else "_include"
        if modifier not in ("", "iterate", "recurse"):
            raise NotSupported(f"'{name}' has no modifier '{modifier}'.")
        if value == "*":
            return Include("*", "*", None, modifier != "", reverse)
        parts = value.split(":")
        if len(parts) not in (2, 3) or not all(parts):
            raise BadRequest(f"{name} takes Type:parameter or Type:parameter:TargetType, not '{value}'.")
        source, code = parts[:2]
        target = parts[2] if len(parts) == 3 else None
        for type in (source, target):
            if type is not None and type not in self.registry.resource_types:
                raise BadRequest(f"{name} names '{type}', which is not a resource type.")
        if code != "*" and replace(self, types=(source,)).definition(code).parameter.kind != "reference":
            raise BadRequest(f"{name} needs a reference; '{code}' of {source} is none.")
        return Include(source, code, target, modifier != "", reverse)

    def compartment(self, type: str, id: str) -> Condition:
        """The resource is in the compartment of this Patient (Encounter, Device, ...)."""
        url = f"http://hl7.org/fhir/CompartmentDefinition/{type.lower()}"
        said = self.registry.find("CompartmentDefinition", url)
        if said is None:
            raise NotSupported(f"There is no compartment of type '{type}'.")
        wanted = self.types or tuple(self.registry.resource_types)
        by_code: dict[str, list[str]] = {}
        for resource in said.get("resource", ()):
            for code in resource.get("param", ()):
                if resource["code"] in wanted:
                    by_code.setdefault(code, []).append(resource["code"])
        ways: list[Condition] = [
            OnType(tuple(types), Match(Parameter(code, "reference"), (ReferenceValue(type, id),)))
            for code, types in by_code.items()
            if code[0].isalpha()
        ]
        if type in wanted:
            ways.append(OnType((type,), Match(ID, (TokenValue(None, id),))))
        return AnyOf(tuple(ways))

    # -- links --------------------------------------------------------------------------------------------------------

    def _has(self, name: str, value: str) -> Condition:
        parts = name.split(":", 3)
        if len(parts) != 4 or not all(parts):
            raise BadRequest(f"'{name}' is not of the form _has:Type:reference:parameter.")
        _, type, code, rest = parts
        if type not in self.registry.resource_types:
            raise BadRequest(f"'{name}' names '{type}', which is not a resource type.")
        there = self._next(type)
        link = there.definition(code).parameter
        if link.kind != "reference":
            raise BadRequest(f"'{name}' needs a reference; '{code}' of {type} is none.")
        return Has(type, link, there.condition(rest, value))

    def _chain(self, code: str, modifier: str, rest: str, value: str) -> Condition:
        return self.linked(code, modifier, lambda there: there.condition(rest, value))

    def linked(self, code: str, modifier: str, read: Callable[[Criteria], Condition]) -> Condition:
        """What the reference `code` leads to (only of the type `modifier`, if given) meets what `read` makes there."""
        link = self.definition(code).parameter
        if link.kind != "reference":
            raise BadRequest(f"'{code}' is no reference, so nothing can follow it.")
        targets = (modifier,) if modifier else self._targets(link)
        if modifier and modifier not in self.registry.resource_types:
            raise BadRequest(f"'{modifier}' in '{code}:{modifier}' is not a resource type.")
        by_condition: dict[Condition, list[str]] = {}
        problem: NotSupported | None = None
        for target in targets:
            try:
                found = read(self._next(target))
            except NotSupported as error:
                problem = problem or error
            else:
                by_condition.setdefault(found, []).append(target)
        if not by_condition:
            raise problem or NotSupported(f"'{code}' refers to no known type.")
        chains = tuple(Chain(link, tuple(types), condition) for condition, types in by_condition.items())
        return chains[0] if len(chains) == 1 else AnyOf(chains)

    def _next(self, type: str) -> Criteria:
        """The reader of what stands one link farther, on resources of this type."""
        if self.depth == MAX_DEPTH:
            raise BadRequest(f"The search has a chain of more than {MAX_DEPTH} links.")
        return replace(self, types=(type,), depth=self.depth + 1)

    def _targets(self, link: Parameter) -> tuple[str, ...]:
        known = self.registry.resource_types
        return tuple(type for type in link.targets if type in known) or tuple(known)

    # -- values -------------------------------------------------------------------------------------------------------

    def _missing(self, definition: Definition, value: str) -> Condition:
        if value not in ("true", "false"):
            raise BadRequest(f"':missing' is true or false, not '{value}'.")
        missing = value == "true"
        if definition.parameter in (ID, LAST_UPDATED):
            return AnyOf(()) if missing else AllOf(())
        if definition.parameter.kind == "composite":
            return Not(_has_all(definition)) if missing else _has_all(definition)
        return Missing(definition.parameter, missing)

    def _composite(self, definition: Definition, value: str) -> Condition:
        ways: list[Condition] = []
        is_near = definition.parameter == near.PARAMETER
        for found in near.read(value) if is_near else self.values.read(definition.parameter, value):
            assert isinstance(found, CompositeValue)
            if definition.rooted:
                pairs = zip(definition.rooted, found.parts, strict=True)
                ways.append(AllOf(tuple(Match(part, (wanted,)) for part, wanted in pairs)))
            if definition.is_indexed:
                ways.append(Match(definition.parameter, (found,)))
        return ways[0] if len(ways) == 1 else AnyOf(tuple(ways))

    def _match(self, parameter: Parameter, modifier: str, value: str) -> Condition:
        if not modifier:
            return Match(parameter, self.values.read(parameter, value))
        modify = _MODIFIERS.get((parameter.kind, modifier))
        if modify and parameter.code != PHONETIC:
            return modify(self, parameter, value)
        if parameter.kind == "reference" and modifier in self.registry.resource_types:
            found = self.values.read(parameter, value)
            return Match(parameter, tuple(_typed(one, modifier) for one in found))
        raise NotSupported(f"'{parameter.code}' ({parameter.kind}) has no modifier '{modifier}' here.")

    def _each(self, parameter: Parameter, value: str, make: Callable[[str], Value], negated: bool = False) -> Condition:
        parts = [part for part in split(value, ",") if part]
        if len(parts) > MAX_VALUES:
            raise BadRequest(f"'{parameter.code}' has {len(parts)} values; {MAX_VALUES} are taken at once.")
        return Match(parameter, tuple(make(part) for part in parts), negated)

    def _not(self, parameter: Parameter, value: str) -> Condition:
        return Match(parameter, self.values.read(parameter, value), negated=True)

    def _exact(self, parameter: Parameter, value: str) -> Condition:
        return self._each(parameter, value, lambda part: StringValue(unescape(part), "exact"))

    def _contains(self, parameter: Parameter, value: str) -> Condition:
        return self._each(parameter, value, lambda part: StringValue(unescape(part), "contains"))

    def _text(self, parameter: Parameter, value: str) -> Condition:
        return self._each(parameter, value, lambda part: TokenText(fold(unescape(part))))

    def _of_type(self, parameter: Parameter, value: str) -> Condition:
        def read(part: str) -> OfType:
            pieces = [unescape(piece) for piece in split(part, "|")]
            if len(pieces) != 3 or not all(pieces):
                raise BadRequest(f"'{parameter.code}:of-type' takes system|type|value, not '{part}'.")
            return OfType(pieces[0], pieces[1], pieces[2])

        return self._each(parameter, value, read)

    def _identifier(self, parameter: Parameter, value: str) -> Condition:
        return self._each(parameter, value, self.values.token)

    def _tree(self, parameter: Parameter, value: str, how: str) -> Condition:
        """What is named, or stands above or below it in the tree of its type (`location:below=Location/42`)."""
        types = [type for type in self._targets(parameter) if type in _TREES]
        if not types:
            raise NotSupported(
                f"'{parameter.code}' leads to no type with a hierarchy, so it has no modifier '{how}'.",
                advice=f"Those with one are: {', '.join(_TREES)}.",
            )
        values = self.values.read(parameter, value)
        ways: list[Condition] = [Match(parameter, values)]
        for type in types:
            link = replace(self, types=(type,)).parameter(_TREES[type])
            found = [one for one in values if isinstance(one, ReferenceValue) and one.type in (None, type) and one.id]
            if not found:
                continue
            if how == "below":
                ways.append(Chain(parameter, (type,), _under(type, link, tuple(found), MAX_DEPTH - 1)))
            else:
                ids = tuple(TokenValue(None, one.id) for one in found)
                ways.append(Chain(parameter, (type,), _over(type, link, ids, MAX_DEPTH - 1)))
        return AnyOf(tuple(ways))

    def _uri(self, parameter: Parameter, value: str, how: str) -> Condition:
        return self._each(
            parameter, value, lambda part: UriValue(self.values.uri(part).value, "above" if how == "above" else "below")
        )

    def _in(self, parameter: Parameter, value: str, negated: bool = False) -> Condition:
        return self._each(parameter, value, lambda part: CodeSet(self._members(unescape(part))), negated)

    def _members(self, url: str) -> tuple[tuple[str, str], ...]:
        found = self.codes.members(url) if self.codes else None
        if found is None:
            raise NotSupported(f"The value set '{url}' cannot be expanded here.")
        codes = tuple(sorted(set(found)))
        if len(codes) > MAX_CODES:
            raise NotSupported(f"The value set '{url}' has {len(codes)} codes; {MAX_CODES} can be searched at once.")
        return codes

    def _hierarchy(self, parameter: Parameter, value: str, how: str) -> Condition:
        def read(part: str) -> CodeSet:
            token = self.values.token(part)
            found = None
            if self.codes and token.system and token.code:
                walk = self.codes.below if how == "below" else self.codes.above
                found = walk(token.system, token.code)
            if found is None:
                raise NotSupported(
                    f"The code system of '{unescape(part)}' is not known here, so ':{how}' cannot be answered.",
                    advice="Write system|code with a code system the server holds.",
                )
            return CodeSet(tuple(sorted(set(found))))

        return self._each(parameter, value, read)


def _under(type: str, link: Parameter, values: tuple[Value, ...], levels: int) -> Condition:
    """A resource of the type is part, over so many levels at most, of one of those named."""
    direct = Match(link, values)
    if levels == 1:
        return direct
    return AnyOf((direct, Chain(link, (type,), _under(type, link, values, levels - 1))))


def _over(type: str, link: Parameter, ids: tuple[Value, ...], levels: int) -> Condition:
    """A resource of the type has, over so many levels at most, one with these ids as a part."""
    part: Condition = Match(ID, ids)
    if levels > 1:
        part = AnyOf((part, _over(type, link, ids, levels - 1)))
    return Has(type, link, part)


def _has_all(definition: Definition) -> Condition:
    """Some element has all the parts of the composite."""
    ways: list[Condition] = []
    if definition.rooted:
        ways.append(AllOf(tuple(Missing(part, False) for part in definition.rooted)))
    if definition.is_indexed:  # an element without one of the parts has no rows at all
        ways.append(Missing(definition.parameter.components[0], False))
    return ways[0] if len(ways) == 1 else AnyOf(tuple(ways))


def _merged(types: tuple[str, ...], found: list[Definition]) -> Parameter:
    """One parameter for several types: all their targets, and the rows each type keeps for it."""
    targets = dict.fromkeys(target for one in found for target in one.parameter.targets)
    own = [one.parameter.rows or ((type, one.parameter.code),) for type, one in zip(types, found, strict=True)]
    return replace(found[0].parameter, targets=tuple(targets), rows=tuple(pair for rows in own for pair in rows))


def _typed(value: Value, type: str) -> Value:
    if isinstance(value, ReferenceValue) and value.url is None:
        if value.type not in (None, type):
            raise BadRequest(f"The reference names {value.type}, the modifier {type}.")
        return replace(value, type=type)
    raise BadRequest(f"With the modifier '{type}' the value is an id.")


_Modify = Callable[[Criteria, Parameter, str], Condition]

_MODIFIERS: dict[tuple[str, str], _Modify] = {
    ("token", "not"): Criteria._not,
    ("token", "text"): Criteria._text,
    ("token", "of-type"): Criteria._of_type,
    ("token", "in"): Criteria._in,
    ("token", "not-in"): lambda self, parameter, value: self._in(parameter, value, negated=True),
    ("token", "above"): lambda self, parameter, value: self._hierarchy(parameter, value, "above"),
    ("token", "below"): lambda self, parameter, value: self._hierarchy(parameter, value, "below"),
    ("string", "exact"): Criteria._exact,
    ("string", "contains"): Criteria._contains,
    ("reference", "identifier"): Criteria._identifier,
    ("reference", "above"): lambda self, parameter, value: self._tree(parameter, value, "above"),
    ("reference", "below"): lambda self, parameter, value: self._tree(parameter, value, "below"),
    ("uri", "above"): lambda self, parameter, value: self._uri(parameter, value, "above"),
    ("uri", "below"): lambda self, parameter, value: self._uri(parameter, value, "below"),
}
"""(kind of parameter, modifier) -> what reads the value."""


def _list(criteria: Criteria, value: str) -> Condition:
    ids = [unescape(part).removeprefix("List/") for part in split(value, ",") if part]
    if any(id.startswith("$") for id in ids):
        raise NotSupported("Functional lists ($current-...) are not kept here.")
    return AnyOf(tuple(InList(id) for id in ids))


_SPECIAL: dict[str, Callable[[Criteria, str], Condition]] = {
    "_list": _list,
    "_filter": lambda criteria, value: filter.read(value, criteria),
}
