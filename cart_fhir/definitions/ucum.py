"""Units of measure (UCUM): is a code valid, and how much is it in another unit, exactly.

The atoms and prefixes are those of ucum-essence.xml 2.2, which the ucumvert package carries; only that file is read
(10 ms at first use), not ucumvert's unit registry, which takes seconds to build. A unit is a rational factor and
integer powers of base units, so that conversions lose nothing. The grammar is that of UCUM 2.2 sections 2-4
(https://ucum.org/ucum); codes are case-sensitive ("c/s").

Arbitrary units ([IU], [arb'U] ...) convert only into themselves (UCUM section 3.2, 24). Logarithmic and other special
units are valid, but only temperatures are converted.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

SYSTEM = "http://unitsofmeasure.org"

_LONGEST = 200
_DIGITS = 28
_TOKEN = re.compile(
    r"(?P<operator>[./])|(?P<open>\()|(?P<close>\))|\{(?P<annotation>[!-z|~]*)\}"
    r"|(?P<atom>10[*^]|[^\[\]{}()./0-9+\-\s]*(?:\[[!-Z\\^-z|~]+\])?[^\[\]{}()./0-9+\-\s]*)(?P<exponent>[+-]?[0-9]{1,3})?(?=[./(){}]|$)"
    r"|(?P<number>[0-9]+)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` base units with their powers; `offset` kelvin are added for a temperature scale.

    `special` is True for a unit that is no ratio of base units (logarithmic, trigonometric): it can't be converted.
    """

    factor: Fraction
    powers: tuple[tuple[str, int], ...] = ()
    offset: Fraction = Fraction(0)
    special: bool = False


@dataclass(frozen=True, slots=True)
class _Atom:
    """A unit atom as defined: `value` of the unit term `unit`."""

    is_metric: bool
    name: str
    value: str
    unit: str
    function: str = ""
    is_base: bool = False


def is_valid(code: str) -> bool:
    """True when the text is a UCUM unit, case-sensitively: "mg/dL", "10*6/kg", "{score}"; not "mg / dL"."""
    return _parse(code) is not None


def convert(value: Decimal, source: str, target: str) -> Decimal | None:
    """The amount of `source` units in `target` units; None when either is no unit or they measure different things.

    Exact where the result has an end, else rounded to 28 digits.
    """
    old, new = _parse(source), _parse(target)
    if old is None or new is None or not value.is_finite():
        return None
    if source == target:
        return value
    if old.powers != new.powers or old.special or new.special:
        return None
    return _decimal((Fraction(value) * old.factor + old.offset - new.offset) / new.factor)


def canonical(value: Decimal, code: str) -> tuple[Decimal, str] | None:
    """The amount in base units and the UCUM code of these: (5, "g/L") -> (5000, "g.m-3"); None when it can't be told.

    Amounts of the same kind get the same code, so that they can be compared and indexed. "1" is a pure number.
    """
    unit = _parse(code)
    if unit is None or unit.special or not value.is_finite():
        return None
    base = ".".join(name if power == 1 else f"{name}{power}" for name, power in unit.powers)
    return _decimal(Fraction(value) * unit.factor + unit.offset), base or "1"


def is_comparable(code: str, other: str) -> bool:
    """True when both are units of the same kind: "mg/dL" and "g/L"; "[IU]" and "mg" are not."""
    one, two = _parse(code), _parse(other)
    return one is not None and two is not None and one.powers == two.powers


def name(code: str) -> str | None:
    """The English name of a unit atom ("mg" has none: its atom is "g", gram); None when the code is no atom."""
    atom = _atoms().get(code)
    return atom.name if atom else None


def _decimal(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        made = Decimal(value.numerator) / Decimal(value.denominator)
    # Without an exponent: 1E+3 would be a strange thing to show or to index.
    return (
        made.quantize(Decimal(1)) if made == made.to_integral_value() and abs(made) < 10**_DIGITS else made.normalize()
    )


@lru_cache(maxsize=4096)
def _parse(code: str) -> Unit | None:
    if not code or len(code) > _LONGEST or not code.isascii():
        return None
    try:
        return _Parser(code).whole()
    except _NotAUnit:
        return None


class _NotAUnit(Exception):
    """The text is no unit."""


class _Parser:
    """Recursive descent over: term := ["/"] component {("." | "/") component}."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.at = 0

    def whole(self) -> Unit:
        unit = self.term()
        if self.at != len(self.code):
            raise _NotAUnit
        return unit

    def term(self) -> Unit:
        if self.code.startswith("/", self.at):
            self.at += 1
            unit = _product(Unit(Fraction(1)), self.component(), -1)
        else:
            unit = self.component()
        while self.at < len(self.code) and self.code[self.at] in "./":
            sign = 1 if self.code[self.at] == "." else -1
            self.at += 1
            unit = _product(unit, self.component(), sign)
        return unit

    def component(self) -> Unit:
        match = _TOKEN.match(self.code, self.at)
        if match is None or match["operator"] or match["close"]:
            raise _NotAUnit
        self.at = match.end()
        if match["annotation"] is not None:
            return Unit(Fraction(1))
        if match["open"]:
            unit = self.term()
            if not self.code.startswith(")", self.at):
                raise _NotAUnit
            self.at += 1
        elif match["number"] or not match["atom"]:
            unit = _number(match["number"] or match["exponent"] or "")
        else:
            unit = _power(_simple(match["atom"]), int(match["exponent"] or 1))
        annotation = _TOKEN.match(self.code, self.at)
        if annotation and annotation["annotation"] is not None:
            self.at = annotation.end()
        return unit


def _number(digits: str) -> Unit:
    if not digits.isdigit() or int(digits) == 0:
        raise _NotAUnit
    return Unit(Fraction(int(digits)))


def _simple(text: str) -> Unit:
    """An atom, or a prefix and a metric atom."""
    atoms = _atoms()
    if text in atoms:
        return _defined(text)
    for length in (1, 2):
        factor, atom = _prefixes().get(text[:length]), atoms.get(text[length:])
        if factor is not None and atom is not None and atom.is_metric:
            unit = _defined(text[length:])
            return Unit(factor * unit.factor, unit.powers, special=unit.special or bool(unit.offset))
    raise _NotAUnit


@cache
def _defined(code: str) -> Unit:
    atom = _atoms()[code]
    if atom.is_base:
        return Unit(Fraction(1), ((code, 1),))
    if atom.function:
        unit = _Parser(atom.unit).whole()
        scale = Fraction(atom.value) * unit.factor
        if atom.function == "Cel":
            return Unit(scale, unit.powers, offset=Fraction("273.15"))
        if atom.function == "degF":
            return Unit(scale, unit.powers, offset=Fraction("459.67") * scale)
        if atom.function == "degRe":
            return Unit(scale, unit.powers, offset=Fraction("273.15"))
        return Unit(scale, unit.powers, special=True)
    return _product(Unit(Fraction(atom.value)), _Parser(atom.unit).whole(), 1)


def _product(left: Unit, right: Unit, sign: int) -> Unit:
    powers = dict(left.powers)
    for base, power in right.powers:
        powers[base] = powers.get(base, 0) + sign * power
    kept = tuple(sorted((base, power) for base, power in powers.items() if power))
    special = left.special or right.special or bool(left.offset) or bool(right.offset)
    return Unit(left.factor * right.factor**sign, kept, special=special)


def _power(unit: Unit, exponent: int) -> Unit:
    if exponent == 1:
        return unit
    powers = tuple((base, power * exponent) for base, power in unit.powers if exponent)
    return Unit(unit.factor**exponent, powers, special=unit.special or bool(unit.offset))


@cache
def _prefixes() -> Mapping[str, Fraction]:
    return _essence()[0]


@cache
def _atoms() -> Mapping[str, _Atom]:
    return _essence()[1]


@cache
def _essence() -> tuple[dict[str, Fraction], dict[str, _Atom]]:
    """The prefixes and atoms of ucum-essence.xml."""
    from cart_fhir.formats import xml

    # Found, not imported: ucumvert itself loads a parser generator and a unit registry.
    spec = importlib.util.find_spec("ucumvert")
    assert spec is not None
    assert spec.origin is not None
    text = (Path(spec.origin).parent / "vendor" / "ucum-essence.xml").read_bytes()
    root: Any = xml.parse(text)
    space = "{http://unitsofmeasure.org/ucum-essence}"
    prefixes = {
        item.get("Code"): Fraction(item.find(space + "value").get("value")) for item in root.iter(space + "prefix")
    }
    atoms = {
        item.get("Code"): _Atom(True, item.findtext(space + "name"), "1", "", is_base=True)
        for item in root.iter(space + "base-unit")
    }
    for item in root.iter(space + "unit"):
        is_metric, title = item.get("isMetric") == "yes", item.findtext(space + "name")
        value = item.find(space + "value")
        function = value.find(space + "function")
        if function is not None:
            atom = _Atom(is_metric, title, function.get("value"), function.get("Unit"), function.get("name"))
        elif item.get("isArbitrary") == "yes" and value.get("Unit") == "1":
            atom = _Atom(is_metric, title, "1", "", is_base=True)
        else:
            atom = _Atom(is_metric, title, value.get("value"), value.get("Unit"))
        atoms[item.get("Code")] = atom
    return prefixes, atoms
