"""From the pairs of a query string to a `Query`: every parameter is either applied, or refused by name.

Strict (the default): a parameter that is unknown or not supported is an error. Lenient: it is left out, with a
warning among `Query.issues`; `Query.applied` then says what ran. https://hl7.org/fhir/R4/search.html#errors
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from cart_fhir.definitions import Registry
from cart_fhir.errors import BadRequest, NotFound, NotSupported
from cart_fhir.issues import Issue
from cart_fhir.search.codes import CodeSets
from cart_fhir.search.criteria import Criteria
from cart_fhir.search.elements import unknown_element
from cart_fhir.search.query import Condition, Include, Query, Sort, Total
from cart_fhir.search.values import Values, split

SUMMARIES = ("true", "text", "data", "count", "false")

IGNORED = frozenset({"_format", "_pretty"})
"""Parameters about the form of the answer; the server has read them before the search is."""

MAX_PARAMETERS = 400
MAX_LENGTH = 100_000
_WHOLE = 10


def parse(
    resource_type: str | None,
    pairs: Iterable[tuple[str, str]],
    registry: Registry,
    strict: bool = True,
    *,
    codes: CodeSets | None = None,
    base_url: str = "",
    compartment: tuple[str, str] | None = None,
    caller: str = "",
    full_text: bool = False,
) -> Query:
    """The query of one search.

    `resource_type` None searches all types (or those of `_type`). `pairs` are decoded (name, value) pairs in order.
    `codes` answers `:in`, `:not-in`, `:above` and `:below` (`definitions.Terminology` fits); `base_url` is this
    server's own, so that absolute references to it are seen as local. `compartment` ("Patient", id) limits the search
    to a compartment. `full_text`: the store keeps words (`SQLStore.full_text`), so `_text` and `_content` are taken.
    Raises BadRequest (value or modifier wrong), NotSupported (unknown or unsupported parameter).
    """
    given = [(name, value) for name, value in pairs if name not in IGNORED]
    for name, value in given:
        if "\0" in name + value or any("\ud800" <= sign <= "\udfff" for sign in name + value):
            raise BadRequest("The search holds a character that no text may hold.")
    if len(given) > MAX_PARAMETERS or sum(len(value) for _, value in given) > MAX_LENGTH:
        raise BadRequest(f"The search has more than {MAX_PARAMETERS} parameters or {MAX_LENGTH} characters.")
    if resource_type is not None and resource_type not in registry.resource_types:
        raise NotFound(f"There is no resource type '{resource_type}'.")
    types = (resource_type,) if resource_type else _types(given, registry)
    reader = Criteria(registry, types, codes, Values(base_url), full_text=full_text)
    made = _Made(reader)
    for name, value in given:
        made.take(name, value, strict)
    if compartment:
        made.conditions.append(reader.compartment(*compartment))
    origin = repr((types, compartment, [pair for pair in made.applied if pair[0] not in ("_count", "_page")]))
    return replace(made.query(types), origin=origin, caller=caller, compartment=compartment, base_url=base_url)


def _types(given: Sequence[tuple[str, str]], registry: Registry) -> tuple[str, ...]:
    """The types of a search over several, by `_type`; none named: all."""
    found: dict[str, None] = {}
    for name, value in given:
        if name == "_type":
            for type in split(value, ","):
                if type not in registry.resource_types:
                    raise BadRequest(f"_type names '{type}', which is not a resource type.")
                found[type] = None
    return tuple(found)


@dataclass
class _Made:
    """What has been read of a query so far."""

    reader: Criteria
    conditions: list[Condition] = field(default_factory=list)
    sort: list[Sort] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    count: int | None = None
    page: str = ""
    total: Total = "none"
    summary: str = ""
    elements: tuple[str, ...] = ()
    applied: list[tuple[str, str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def take(self, name: str, value: str, strict: bool) -> None:
        """Read one pair; a wrong value is always refused, an unknown parameter only under strict handling."""
        try:
            self._read(name, value)
        except NotSupported as problem:
            if strict:
                raise
            text = f"The parameter '{name}' was not used: {problem.message}"
            self.issues.append(
                Issue("warning", "not-supported", "search-parameter-ignored", text, advice=problem.advice)
            )
        else:
            self.applied.append((name, value))

    def _read(self, name: str, value: str) -> None:
        plain, _, modifier = name.partition(":")
        reader = _CONTROLS.get(plain)
        if reader is not None:
            reader(self, value, modifier)
        elif plain == "_type" and not modifier:
            if len(self.reader.types) != 0 and not value:
                raise BadRequest("_type is empty.")
        elif value == "":
            return  # R4: a parameter without a value is no criterion
        else:
            self.conditions.append(self.reader.condition(name, value))

    def _count(self, value: str, modifier: str) -> None:
        if not value.isascii() or not value.isdecimal() or len(value) > _WHOLE:
            raise BadRequest(f"_count must be a whole number, not '{value}'.")
        self.count = int(value)

    def _page(self, value: str, modifier: str) -> None:
        self.page = value

    def _total(self, value: str, modifier: str) -> None:
        for known in get_args(Total):
            if value == known:
                self.total = known
                return
        raise BadRequest(f"_total must be none, estimate or accurate, not '{value}'.")

    def _summary(self, value: str, modifier: str) -> None:
        if value not in SUMMARIES:
            raise BadRequest(f"_summary must be one of {', '.join(SUMMARIES)}, not '{value}'.")
        self.summary = value

    def _elements(self, value: str, modifier: str) -> None:
        elements = tuple(name.strip() for name in value.split(",") if name.strip())
        if unknown := unknown_element(self.reader.registry, self.reader.types, elements):
            where = " or ".join(self.reader.types) or "any type"
            raise NotSupported(f"_elements names '{unknown}', which is no element of {where}.")
        self.elements += elements

    def _sort(self, value: str, modifier: str) -> None:
        for part in value.split(","):
            code = part.strip()
            self.sort.append(Sort(self.reader.sortable(code.removeprefix("-")), code.startswith("-")))

    def _include(self, value: str, modifier: str) -> None:
        self.includes.append(self.reader.include(value, modifier, reverse=False))

    def _revinclude(self, value: str, modifier: str) -> None:
        self.includes.append(self.reader.include(value, modifier, reverse=True))

    def query(self, types: tuple[str, ...]) -> Query:
        """The finished query; `_summary=count` is a search for the total alone."""
        if self.summary == "text" and self.includes:
            raise BadRequest("_include and _revinclude cannot be mixed with _summary=text.", advice="Leave one out.")
        only_total = self.summary == "count"
        return Query(
            types,
            tuple(self.conditions),
            tuple(self.sort),
            0 if only_total else self.count,
            self.page,
            tuple(self.includes),
            "accurate" if only_total else self.total,
            self.summary,
            self.elements,
            tuple(self.applied),
            tuple(self.issues),
        )


_CONTROLS: dict[str, Callable[[_Made, str, str], None]] = {
    "_count": _Made._count,
    "_page": _Made._page,
    "_total": _Made._total,
    "_summary": _Made._summary,
    "_elements": _Made._elements,
    "_sort": _Made._sort,
    "_include": _Made._include,
    "_revinclude": _Made._revinclude,
}
"""Parameters that shape the answer rather than choose resources."""
