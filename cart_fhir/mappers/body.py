"""Bodies: the resource-shaped part of a map, compiled once into functions of a row.

The R4 definitions guide it: an element that repeats takes a single value too, a Coded value becomes the code, Coding or
CodeableConcept that the element wants, and a key that R4 does not know is told with its line. `extension:` may be a
mapping of our extensions' ids to values. What is absent leaves nothing behind, not even an empty object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from cart_fhir.errors import BadSyntax
from cart_fhir.issues import Issue
from cart_fhir.mappers import holes, systems
from cart_fhir.mappers.functions import BUILT_IN, FUNCTIONS, Row, truth
from cart_fhir.mappers.placing import misfit, placed
from cart_fhir.mappers.shapes import Shapes
from cart_fhir.mappers.values import Missing, Refused
from cart_fhir.mappers.yamltree import Items, Section, problem

Evaluate = Callable[[Row], Any]


class Compiler:
    """Compiles the holes and bodies of one table; `problems` collects what is wrong, with lines."""

    def __init__(self, shapes: Shapes, kinds: Mapping[str, str], tables: Mapping[str, Any]) -> None:
        """`kinds`: what is known of each name's values, "" where nothing is (`placing.KIND_OF_COLUMN`)."""
        self.shapes = shapes
        self.names = set(kinds)
        self.kinds = kinds
        self.tables = tables
        self.problems: list[Issue] = []
        self.used: set[str] = set()
        self.elements: dict[str, frozenset[str]] = {}
        self.variables: dict[str, list[str]] = {}  # of `each` -> the columns that each stands for

    def wrong(self, text: str, line: int, advice: str = "", *, doubtful: bool = False) -> None:
        """Note a problem of the map, or a warning of what may be meant otherwise."""
        self.problems.append(problem(text, line, advice, "warning" if doubtful else "error"))

    # -- holes -----------------------------------------------------------------------------------------------------

    def value(self, node: Any, line: int) -> Evaluate:
        """A hole or a literal as a function of the row."""
        if not holes.is_hole(node):
            return lambda row: node
        try:
            return self._expr(holes.parse(node), line)
        except BadSyntax as bad:
            self.wrong(bad.message, line)
            return lambda row: None

    def _expr(self, expr: holes.Expr, line: int) -> Evaluate:
        if isinstance(expr, holes.Literal):
            constant = expr.value
            return lambda row: constant
        if isinstance(expr, holes.Name):
            name = expr.name
            self._check_name(name, line)
            return lambda row: row.values[name]
        return self._call(expr, line)

    def _check_name(self, name: str, line: int) -> None:
        self.used.add(name)
        if name not in self.names:
            self.wrong(f"There is no column '{name}' here.", line, _near(name, self.names))

    def _call(self, call: holes.Call, line: int) -> Evaluate:
        if call.name in BUILT_IN and len(call.args) == 1 and isinstance(call.args[0], (holes.Name, holes.Literal)):
            return self._built_in(call.name, call.args[0], line)
        function = FUNCTIONS.get(call.name)
        if function is None:
            self.wrong(f"There is no function '{call.name}'.", line, _near(call.name, {*FUNCTIONS, *BUILT_IN}))
            return lambda row: None
        if not function.least <= len(call.args) <= function.most:
            most = "" if function.most == function.least else f" to {function.most}"
            self.wrong(f"'{call.name}' takes {function.least}{most} arguments.", line)
        args = [
            self._bare(call, arg, line) if place in function.bare else self._expr(arg, line)
            for place, arg in enumerate(call.args)
        ]
        self._check_names(call, line)
        if call.name == "if":
            return _chosen(*args)
        work, names = function.call, frozenset(holes.names(call))
        if function.absence:
            return lambda row: _blamed(work, row, [arg(row) for arg in args], names)
        return lambda row: _applied(work, row, [arg(row) for arg in args], names)

    def _bare(self, call: holes.Call, arg: holes.Expr, line: int) -> Evaluate:
        """An argument that is a name: as it stands, unless it is a column of this table or a call."""
        if not isinstance(arg, holes.Name):
            return self._expr(arg, line)
        name = arg.name
        if name not in self.names or call.name == "ref":  # a resource type is never a column
            return lambda row: name
        if not arg.marked and self._is_word(call, name):
            advice = f"Write the word in quotes, or the column as [{name}]."
            text = f"'{name}' is a column here, and a word that '{call.name}' knows: the column is taken."
            self.wrong(text, line, advice, doubtful=True)
        return self._expr(arg, line)

    def _is_word(self, call: holes.Call, name: str) -> bool:
        if call.name == "concept":
            return systems.is_word(name)
        return any(name in table.extras for table in self.tables.values()) if call.name == "extra" else False

    def _check_names(self, call: holes.Call, line: int) -> None:
        """Names of tables and resource types are checked when the map is read, not when a row meets them."""
        if call.name == "translate" and len(call.args) == 2:
            table = _bare_text(call.args[1])
            if table not in self.tables:
                self.wrong(f"There is no code table '{table}'.", line, "Give a CSV file beside the map.")
        if call.name == "ref" and call.args:
            target = _bare_text(call.args[0])
            if not self.shapes.is_resource(target):
                self.wrong(f"'{target}' is no resource type of R4.", line)

    def _built_in(self, name: str, arg: holes.Name | holes.Literal, line: int) -> Evaluate:
        word = _bare_text(arg)
        if name == "absent":
            reason = Missing(word)
            return lambda row: reason
        self._check_name(word, line)
        return lambda row: row.labels.get(word, word)

    def top(self, section: Section, type_name: str) -> Evaluate:
        """The body of a resource; `elements` then tells which columns each of its elements is made of."""
        self.elements = {}
        before = self.used
        for key in section:
            self.used = set()
            single = Section(section.line)
            single[key], single.lines[key] = section[key], section.at(key)
            problems = len(self.problems)
            self.body(single, type_name)
            del self.problems[problems:]
            self.elements[key] = frozenset(self.used)
        self.used = before
        return self.body(section, type_name)

    # -- bodies ----------------------------------------------------------------------------------------------------

    def body(self, section: Section, type_name: str) -> Evaluate:
        """An object of a FHIR type as a function of the row that gives a dict, or None when nothing is in it."""
        parts = [part for key, node in section.items() if (part := self._member(section, key, node, type_name))]
        absent_goes_beside = type_name in ("Observation", "Observation.component")
        elements = self.elements if "." not in type_name else {}

        def make(row: Row) -> dict[str, Any] | None:
            made: dict[str, Any] = {}
            for key, evaluate, primitive in parts:
                try:
                    value = evaluate(row)
                except Refused as refused:
                    refused.column = refused.column or blame(row, elements.get(key, frozenset()))
                    raise
                if value is None:
                    continue
                if isinstance(value, Missing):
                    _place_missing(made, key, value, primitive, absent_goes_beside)
                else:
                    made[key] = value
            return made or None

        return make

    def _member(self, section: Section, key: str, node: Any, type_name: str) -> tuple[str, Evaluate, bool] | None:
        line = section.at(key)
        if key == "extension" and isinstance(node, Section):
            return key, self._extensions(node), False
        found = self.shapes.element(type_name, key)
        if found is None:
            self.wrong(f"{type_name} has no element '{key}' in R4.", line, _near(key, self.shapes.names(type_name)))
            return None
        inner, many = found
        if many:
            return key, self._list(node, inner, line), False
        single = self._single(node, inner, line)
        return key, lambda row: _one(single(row)), inner[0].islower()

    def _single(self, node: Any, type_name: str, line: int) -> Evaluate:
        if isinstance(node, Section):
            return self.body(node, type_name)
        if isinstance(node, Items):
            self.wrong("This element does not repeat: give one value, not a list.", line)
            return lambda row: None
        evaluate = self.value(node, line)
        if not holes.is_hole(node):
            return self._fixed(node, type_name, line)
        if wrong := misfit(self._kind(node), type_name):
            self.wrong(wrong[0], line, wrong[1])
        return lambda row: placed(evaluate(row), type_name)

    def _fixed(self, node: Any, type_name: str, line: int) -> Evaluate:
        """A value written in the map."""
        try:
            fixed = placed(node, type_name)
        except Refused as refused:
            self.wrong(str(refused), line)
            return lambda row: None
        return lambda row: fixed

    def _kind(self, hole: str) -> str:
        """What kind of value a hole always gives; "" where that is not known."""
        try:
            expr = holes.parse(hole)
        except BadSyntax:  # told already
            return ""
        if isinstance(expr, holes.Name):
            return self.kinds.get(expr.name, "") if expr.name in self.names else ""
        if not isinstance(expr, holes.Call) or expr.name not in FUNCTIONS:
            return ""
        return FUNCTIONS[expr.name].gives

    def _list(self, node: Any, type_name: str, line: int) -> Evaluate:
        items = list(zip(node, node.lines, strict=True)) if isinstance(node, Items) else [(node, line)]
        makers = [self._item(item, type_name, at) for item, at in items]

        def make(row: Row) -> list[Any] | None:
            made = [value for maker in makers for value in maker(row)]
            return made or None

        return make

    def _item(self, node: Any, type_name: str, line: int) -> Callable[[Row], list[Any]]:
        """One entry of a list, which `when` may leave out and `each` may repeat."""
        if not isinstance(node, Section):
            single = self._single(node, type_name, line)
            return lambda row: _listed(single(row))
        wanted = {key: node[key] for key in ("when", "each") if key in node}
        with_each = self.each(wanted.get("each"), node.at("each"))
        condition = self.value(wanted["when"], node.at("when")) if "when" in wanted else None
        rest = Section(node.line)
        for key, value in node.items():
            if key not in wanted:
                rest[key], rest.lines[key] = value, node.at(key)
        inner = self.body(rest, type_name)
        self.leave(wanted.get("each"))

        def make(row: Row) -> list[Any]:
            rows = with_each(row)
            return [v for one in rows if condition is None or truth(condition(one)) for v in _listed(inner(one))]

        return make

    def each(self, node: Any, line: int) -> Callable[[Row], list[Row]]:
        """`each: {ITEM: [A, B]}` (one round for each column that holds something) or `{DAY: DAYS}` (for each entry)."""
        if node is None:
            return lambda row: [row]
        if not isinstance(node, Section) or len(node) != 1:
            self.wrong("'each' names one variable and its columns: each: {ITEM: [A, B]}.", line)
            return lambda row: []
        (variable, columns), *_ = node.items()
        sources = [str(name).removeprefix("=") for name in (columns if isinstance(columns, list) else [columns])]
        for name in sources:
            self._check_name(name, line)
        self.names.add(variable)
        self.variables[variable] = sources
        return lambda row: _rounds(row, variable, sources)

    def leave(self, node: Any) -> None:
        """The variable of an `each` is gone where its entry ends."""
        if isinstance(node, Section):
            self.names -= set(node)

    def _extensions(self, node: Section) -> Evaluate:
        makers: list[tuple[str, Evaluate, tuple[str, ...]]] = []
        for name, inner in node.items():
            line = node.at(name)
            url, types = self.shapes.extension(name)
            if not url:
                self.wrong(f"There is no extension '{name}'.", line, _near(name, self.shapes.extensions()))
                continue
            makers += [
                (url, *self._extended(item, types, line)) for item in (inner if isinstance(inner, Items) else [inner])
            ]
        shapes = self.shapes

        def make(row: Row) -> list[dict[str, Any]] | None:
            made = [shapes.extended(url, evaluate(row), types) for url, evaluate, types in makers]
            return [extension for extension in made if extension] or None

        return make

    def _extended(self, item: Any, types: tuple[str, ...], line: int) -> tuple[Evaluate, tuple[str, ...]]:
        """The value of an extension, and its types; one written as an object says which: `valueReference: {...}`."""
        if not isinstance(item, Section) or not types:
            return self.value(item, line), types
        if len(types) == 1:
            return self.body(item, types[0]), types
        named = {"value" + kind[0].upper() + kind[1:]: kind for kind in types}
        if len(item) != 1 or next(iter(item)) not in named:
            self.wrong(
                f"The extension takes {' or '.join(types)}: say which.", line, f"Write one of {', '.join(named)}."
            )
            return (lambda row: None), types
        ((key, inner),) = item.items()
        return self._single(inner, named[key], item.at(key)), (named[key],)


def blame(row: Row, names: frozenset[str]) -> str:
    """The columns of the export behind names of the map, for a finding."""
    return ", ".join(sorted({row.sources[name] for name in names if name in row.sources}))


def _place_missing(made: dict[str, Any], key: str, value: Missing, primitive: bool, beside: bool) -> None:
    if beside and key.startswith("value"):
        made["dataAbsentReason"] = value.concept()
    elif primitive:
        made[f"_{key}"] = value.extension()
    else:
        made[key] = value.extension()


def _applied(work: Callable[..., Any], row: Row, args: list[Any], names: frozenset[str]) -> Any:
    for arg in args:
        if arg is None or isinstance(arg, Missing):
            return arg
    return _blamed(work, row, args, names)


def _blamed(work: Callable[..., Any], row: Row, args: list[Any], names: frozenset[str]) -> Any:
    """What a function gives; a refusal is laid to the columns of its arguments, and no others of the hole."""
    try:
        return work(row, *args)
    except Refused as refused:
        refused.column = refused.column or blame(row, names)
        raise


def _chosen(condition: Evaluate, then: Evaluate, otherwise: Evaluate = lambda row: None) -> Evaluate:
    """`if`: only the value that is taken is worked out, so the other may be of a kind that would be refused."""
    return lambda row: then(row) if truth(condition(row)) else otherwise(row)


def _rounds(row: Row, variable: str, columns: Sequence[str]) -> list[Row]:
    made = []
    for name in columns:
        value = row.values.get(name)
        for entry in value if isinstance(value, tuple) else (value,):
            if entry is not None:
                made.append(row.inner(variable, entry, name))
    return made


def _one(value: Any) -> Any:
    """A value for an element that does not repeat."""
    if not isinstance(value, list):
        return value
    if len(value) > 1:
        raise Refused("type", "The cell holds several values, and this element takes one: use `each`.")
    return value[0] if value else None


def _listed(value: Any) -> list[Any]:
    if value is None or isinstance(value, Missing):
        return []
    return value if isinstance(value, list) else [value]


def _bare_text(arg: holes.Expr) -> str:
    if isinstance(arg, holes.Name):
        return arg.name
    return str(arg.value) if isinstance(arg, holes.Literal) else ""


def _near(word: str, known: Any) -> str:
    close = get_close_matches(word, sorted(known), 1, 0.6)
    return f"Did you mean '{close[0]}'?" if close else ""
