"""Displays: what a code is called by its system, in the language of the resource.

https://hl7.org/fhir/R4/datatypes-definitions.html#Coding.display. A name that the system gives for one language holds
in resources of that language; a resource that says nothing counts as English, as the reference validator has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cart_fhir.validator.findings import Found, one
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

InLanguage = Callable[[str], Found]


def check(program: Program, system: str, code: str, display: str) -> Found | InLanguage:
    """What is wrong with a display; where it depends on the language of the resource, the answer for a language."""
    names = program.terminology.displays(system, code)
    if not names:
        return None
    if _plain(display) not in map(_plain, names):
        return _refused(system, code, display, names)
    concept = program.terminology.lookup(system, code)
    given = [(each.get("language") or "", each.get("value") or "") for each in concept.designations] if concept else []
    if concept is None or not any(tag for tag, _ in given):
        return None
    own = str((program.registry.code_system(system) or {}).get("language", ""))

    def answer(language: str) -> Found:
        there = [name for tag, name in given if _speaks(tag, language)]
        if _speaks(own, language) or not there:
            there.append(concept.display)
        others = {_plain(concept.display), *(_plain(name) for _, name in given)}
        if _plain(display) in map(_plain, there) or _plain(display) not in others:
            return None
        return _refused(system, code, display, tuple(there), f" in the language '{language}'")

    return answer


def language(context: Context) -> str:
    """The language that the resource at hand says it is in."""
    said = context.resource.get("language") or context.root.get("language")
    return said if isinstance(said, str) else "en"


def _speaks(tag: str, language: str) -> bool:
    """Whether a name in one language holds in another: without a tag everywhere, `de` in `de-AT`."""
    return not tag or language.lower() == tag.lower() or language.lower().startswith(f"{tag.lower()}-")


def _refused(system: str, code: str, display: str, names: tuple[str, ...], where: str = "") -> Found:
    known = " or ".join(f"'{each}'" for each in names)
    text = f"The display {shown(display)} is not that of {system}#{code}{where}; it should be {known}."
    return one("display", text, "display")


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
