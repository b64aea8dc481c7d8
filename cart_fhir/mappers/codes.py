"""Code tables: a hospital's codes and words to standard codes, one CSV a list, editable in Excel.

Columns: source_code, source_text, target_system, target_code, target_display, equivalence, comment, and any others as
extras that the map may use (`extra(DRUG, unit)`). Several lines with one source_code give several codings, in order.
OMOP's SOURCE_TO_CONCEPT_MAP columns are taken too, and a ConceptMap in JSON (`conceptmaps`). A code that is not in the
table is kept as it stands, under the hospital's own system, and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import conceptmaps, systems, tables
from cart_fhir.mappers.text import fold
from cart_fhir.mappers.values import Coded

_COLUMNS = ("source_code", "source_text", "target_system", "target_code", "target_display", "equivalence", "comment")
_OMOP = {
    "source_code": "source_code",
    "source_code_description": "source_text",
    "target_vocabulary_id": "target_system",
    "target_concept_id": "target_code",
}
_OMOP_SYSTEM = "https://fhir-terminology.ohdsi.org"


def lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, cells) of a code table's file, CSV or ConceptMap, in our own columns."""
    if path.suffix.lower() == ".json":
        yield from conceptmaps.lines(path)
        return
    for number, row in tables.rows(path, ("source_code",)):
        if row.get("invalid_reason", "") not in ("D", "U"):  # OMOP: deleted, or upgraded to another line
            yield number, _from_omop(row)


class CodeTable:
    """One code table, looked up by code first, then by the folded code or text (`text.fold`)."""

    def __init__(self, name: str, local: Callable[[str], str]) -> None:
        self.name = name
        self._exact: dict[str, Coded] = {}
        self._folded: dict[str, Coded] = {}
        self._local = local
        self.extras: set[str] = set()  # the names of its further columns
        self.fixed: Coded | None = None  # what a ConceptMap says of all codes that it doesn't name

    @classmethod
    def read(cls, path: Path, local: Callable[[str], str]) -> CodeTable:
        """The table of a CSV file; ConfigError with the line where it is wrong."""
        made = cls(path.name, local)
        for line, row in lines(path):
            made._add(line, row)
        return made

    @classmethod
    def inline(cls, name: str, pairs: Mapping[str, str | None], local: Callable[[str], str]) -> CodeTable:
        """A small table written in the map itself: `{m: male, x: null}` or `{frisch: cart-formulation-cs#fresh}`.

        A code that maps to null stands for nothing. A bare number is no word for people and leaves no text.
        """
        made = cls(name, local)
        for source, target in pairs.items():
            if target is None:
                made._put(source, Coded(source, (), {}, mapped=False), "")
                continue
            system, _, code = target.rpartition("#")
            coding = {"system": systems.named(system, local), "code": code} if system else {"code": code}
            made._put(source, Coded("" if source.isdigit() else source, (coding,)), "")
        return made

    def _add(self, line: int, row: dict[str, str]) -> None:
        source, text = row["source_code"], row.get("source_text", "")
        if not source:
            raise ConfigError(f"{self.name}, line {line}: source_code is empty.")
        known = self._exact.get(source)
        codings = known.codings if known else ()
        if source == conceptmaps.OTHERS:
            coding = {"system": row["target_system"], "code": row["target_code"], "display": row["target_display"]}
            self.fixed = Coded("", ({key: value for key, value in coding.items() if value},))
            return
        if row.get("target_code"):
            if not row.get("target_system"):
                raise ConfigError(f"{self.name}, line {line}: target_code without target_system.")
            coding = {"system": systems.named(row["target_system"], self._local), "code": row["target_code"]}
            if row.get("target_display"):
                coding["display"] = row["target_display"]
            codings = (*codings, coding)
        extras = {key: value for key, value in row.items() if key not in _COLUMNS and value}
        self.extras |= extras.keys()
        if codings:  # a line still to be filled in translates nothing
            self._put(source, Coded(text or source, codings, {**(known.extras if known else {}), **extras}), text)

    def _put(self, source: str, made: Coded, text: str) -> None:
        self._exact[source] = self._folded[fold(source)] = made
        if text:
            self._folded[fold(text)] = made

    def __contains__(self, text: str) -> bool:
        return text in self._exact or fold(text) in self._folded

    def find(self, text: str) -> Coded | None:
        """The translation of a cell; None when the table has none. One that is not `mapped` stands for nothing."""
        found = self._exact.get(text) or self._folded.get(fold(text))
        return replace(self.fixed, text=text) if found is None and self.fixed else found


def kept(text: str, system: str) -> Coded:
    """An untranslated code, kept as the hospital wrote it."""
    return Coded(text, ({"system": system, "code": " ".join(text.split())},), {}, mapped=False)


def _from_omop(row: dict[str, str]) -> dict[str, str]:
    if "target_concept_id" not in row:
        return row
    made = {_OMOP[key]: value for key, value in row.items() if key in _OMOP}
    if made.get("target_code") in ("0", ""):
        made["target_code"] = ""  # OMOP's "no matching concept"
    made["target_system"] = _OMOP_SYSTEM
    return made
