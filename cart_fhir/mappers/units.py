"""Unit spellings to UCUM: the centre's table first, then ours, then UCUM itself.

UCUM validity is not correctness: `K/uL` parses as kelvin per microlitre, `mg/dag` (Dutch, a day) as milligram per
decagram, `PG/ML` as petagauss per megalitre. So tables of spellings come before the parser, and what it reads is taken
only where each of its units is one that hospitals use; else it is ambiguous.

Tables: source_unit, ucum, factor, offset, analyte; a value is multiplied by factor (Decimal) and offset is added. A
line with an analyte (a code, LOINC mostly) is for that analyte alone: it turns mass into amount of substance, where the
molar mass stands in the factor. https://ucum.org/ucum
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import tables
from cart_fhir.mappers.text import fold, plain
from cart_fhir.mappers.values import Coded, Refused

_SHIPPED = Path(__file__).parent / "data" / "units.csv"
_COLUMNS = ("source_unit", "ucum", "factor", "offset", "analyte", "comment")
_POWER = re.compile(r"^(?:[x×*·.]?\s*)10\s*(?:\^|\*\*?|E|e| )\s*(\d{1,2})(?!\d)")


# what is taken for UCUM without asking: bracketed units, powers of ten, and the prefixes and units of hospitals
_USUAL = re.compile(
    r"\S*\[\S+\]\S*|10[*^]|\d+|%|(?:[kdcmunpf]?(?:m|g|s|[lL]|mol|eq|osm|U|kat|cal|V|Gy|Sv))|min|h|d|wk|mo|a|Cel|deg|[hkmM]?Pa"
    r"|bar|mbar|[kMGT]?Bq|[kM]?Hz|[mu]?Ci|kJ|"
)
_CELLS = re.compile(
    r"(?:CAR\s?[-+]*\s?)?(?:T\s?-?\s?)?\b(?:cells?|cellules?|cellen|celler|c[eé]lulas|c[eé]ls?(?=[./])|Zellen)(?![a-z])\.?",
    re.IGNORECASE,
)
_MILLION = re.compile(
    r"^(?:Mio|Mill|Milj|mln|mill?ions?|Millionen|miljoner|miljoen|milioni|millones)(?![a-z])\.?", re.IGNORECASE
)
_LITRE = re.compile(r"(?<![A-Za-z])(mc|[dmunpf]?)l(?![A-Za-z])")
_WORD = re.compile(r"[a-z]{4}")


class Unit(NamedTuple):
    """A unit as UCUM writes it, and what to do to the number that came with it."""

    ucum: str
    factor: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)


class Units:
    """The unit tables of one map: `find` answers for a spelling, or refuses it."""

    def __init__(self, path: Path | None = None) -> None:
        self._own = _read(path) if path else {}
        self._analytes = _read(path, analytes=True) if path else {}
        self.find = lru_cache(maxsize=1024)(self._find)

    def _find(self, spelling: str) -> Unit:
        """The UCUM unit of a spelling; Refused (unit-unknown, unit-ambiguous) when nothing knows it surely."""
        for table in (self._own, shipped()):
            found = table.get(spelling) or table.get(normal(spelling)) or table.get(_word(spelling))
            if found:
                return found
        told = plain(spelling)
        try:
            return _ucum(told)
        except Refused:
            if len(told) > 1 and told.isupper():  # machines that print in capitals: MG/DL
                with suppress(Refused):
                    return capitals().get(normal(told).upper()) or _ucum(told.lower())
            raise

    def convert(self, value: Decimal, source: str, target: str) -> Decimal:
        """A value in UCUM unit `source` as `target`, exact; Refused (unit-incompatible) when there is no way."""
        if source == target or _core(source) == _core(target):
            return value
        from cart_fhir.definitions import ucum

        made = ucum.convert(value, source, target)
        if made is None:
            raise Refused("unit-incompatible", f"The unit {source} does not convert to {target}.")
        return made

    def of_analyte(self, value: Decimal, spelling: str, target: str, analyte: Coded) -> Decimal:
        """A value of one analyte in `target`: by its line of the centre's table, else by the molar mass of its code.

        Refused (unit-incompatible) where neither is given: nobody converts mass into substance by guessing.
        """
        for coding in analyte.codings:
            line = self._analytes.get(f"{normal(spelling)} {coding['code']}")
            if line:
                return self.convert(scaled(value, line), line.ucum, target)
        mass = analyte.extras.get("molar_mass", "")
        source = self.find(spelling)
        try:
            return _by_molar_mass(scaled(value, source), source.ucum, target, Decimal(mass))
        except InvalidOperation:
            told = f"The unit {source.ucum} converts to {target} only by a molar mass (g/mol), which is not given."
            raise Refused("unit-incompatible", told) from None


def scaled(value: Decimal, unit: Unit) -> Decimal:
    """A value in the UCUM unit of a spelling."""
    if unit.factor == 1 and unit.offset == 0:
        return value
    return Decimal(f"{(value * unit.factor + unit.offset).normalize():f}")


def _by_molar_mass(value: Decimal, source: str, target: str, grams_a_mole: Decimal) -> Decimal:
    """Mass to substance or back, rounded to the digits of the less exact of value and molar mass, three at least.

    A mole is a plain number to UCUM: without its name 10*9/L would pass for an amount of substance.
    """
    from cart_fhir.definitions import ucum

    for litre in ("/L", ""):
        mass, moles = f"g{litre}", f"mol{litre}"
        in_grams = ucum.convert(value, source, mass)
        in_moles = ucum.convert(value, source, moles)
        made = None
        if in_grams is not None and "mol" in target and ucum.is_comparable(moles, target):
            made = ucum.convert(in_grams / grams_a_mole, moles, target)
        elif in_moles is not None and "mol" in source and ucum.is_comparable(mass, target):
            made = ucum.convert(in_moles * grams_a_mole, mass, target)
        if made is not None:
            digits = max(3, min(len(number.as_tuple().digits) for number in (value, grams_a_mole)))
            return Decimal(f"{Context(prec=digits).plus(made).normalize():f}")
    raise InvalidOperation


@lru_cache(maxsize=1)
def shipped() -> dict[str, Unit]:
    """The spellings that ship with the package (data/units.csv), by `normal` form."""
    return _read(_SHIPPED)


def normal(spelling: str) -> str:
    """A spelling without spaces, powers as 10^n, litres as L, cells in English. Case is kept: G/L is giga, g/L gram."""
    powered = _POWER.sub(r"10^\1", _MILLION.sub("10^6", plain(spelling)))
    return _LITRE.sub(r"\1L", _CELLS.sub("cells", powered).replace(" ", ""))


def _ucum(spelling: str) -> Unit:
    """A spelling that is UCUM as it stands, or with the power of ten as UCUM writes it."""
    from cart_fhir.definitions import ucum

    powered = _POWER.sub(r"10*\1", spelling).replace(" ", "")
    for candidate in (powered, spelling.replace(" ", ""), _counted(powered)):
        if candidate and ucum.is_valid(candidate):
            odd = [part for part in _components(candidate) if not _USUAL.fullmatch(part)]
            if not odd:
                return Unit(candidate)
            raise Refused(
                "unit-ambiguous", f"By UCUM '{odd[0]}' is a unit that hospitals hardly use; another may be meant."
            )
    raise Refused("unit-unknown", "This unit is not known.")


def _counted(spelling: str) -> str:
    """A number of cells as UCUM: 10*6 cells are 10*6, without a power of ten they are an annotation."""
    told = normal(spelling).replace("10^", "10*")
    return told.replace("cells", "" if "10*" in told else "{cells}")


def _components(unit: str) -> list[str]:
    """The units that a UCUM unit is made of, without their powers: of `mg/m2.d` mg, m and d."""
    bare = re.sub(r"\{[^}]*\}", "", unit)
    parts = re.findall(r"(?:\[[^\]]*\]|[^./()\[])+", bare)
    return [re.sub(r"(?<=[^\d*^])[-+]?\d+\Z|(?<=10[*^])[-+]?\d+\Z", "", part) for part in parts]


@lru_cache(maxsize=1)
def capitals() -> Mapping[str, Unit]:
    """Our spellings in capitals, of which each stands for one unit only: not G/L, which may be giga or gram."""
    made: dict[str, set[Unit]] = {}
    for spelling, unit in shipped().items():
        made.setdefault(spelling.upper(), set()).add(unit)
    return {spelling: next(iter(units)) for spelling, units in made.items() if len(units) == 1}


def _word(spelling: str) -> str:
    """The key of units spelt with whole words ('Zellen/uL'), where case says nothing."""
    key = fold(spelling).replace(" ", "")
    return f"word {key}" if _WORD.search(key) else ""


def _core(unit: str) -> str:
    """The unit without annotations, which say what is counted and not how much: {cells}/uL and /uL are one."""
    return re.sub(r"\{[^}]*\}", "", unit)


def _read(path: Path, *, analytes: bool = False) -> dict[str, Unit]:
    """Spelling -> unit; of the lines for one analyte, where `analytes` asks for them: spelling and analyte -> unit."""
    made: dict[str, Unit] = {}
    for line, row in tables.rows(path, ("source_unit", "ucum"), _COLUMNS):
        try:
            unit = Unit(row["ucum"], Decimal(row.get("factor") or 1), Decimal(row.get("offset") or 0))
        except InvalidOperation:
            raise ConfigError(f"{path.name}, line {line}: factor and offset are plain decimal numbers.") from None
        if bool(row.get("analyte")) != analytes:
            continue
        if analytes:
            made[f"{normal(row['source_unit'])} {row['analyte']}"] = unit
            continue
        made[row["source_unit"]] = unit
        made.setdefault(normal(row["source_unit"]), unit)
        made.setdefault(_word(row["source_unit"]), unit)
    made.pop("", None)
    return made
