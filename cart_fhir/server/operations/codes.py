"""What the terminology operations share: the codes a question is about, and the answer whether one of them is valid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cart_fhir.definitions.code_system import Concept
from cart_fhir.definitions.terminology import Terminology
from cart_fhir.errors import BadRequest
from cart_fhir.server.http import Json, Response
from cart_fhir.server.operations.arguments import Arguments
from cart_fhir.server.service import Service

WAYS = ("code", "coding", "codeableConcept")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A code as it was asked about; what was not given is empty."""

    system: str = ""
    code: str = ""
    display: str = ""
    version: str = ""


def wanted_codes(given: Arguments, system: str = "system", version: str = "systemVersion") -> list[Wanted]:
    """The codes of `code`, `coding` or `codeableConcept`, of which there must be just one.

    `system` and `version` name the parameters that go with a plain code; a coding without a system has that one too.
    """
    ways = [name for name in WAYS if name in given.values]
    if len(ways) != 1:
        found = f"There are {' and '.join(ways)}" if ways else "There is no code"
        raise BadRequest(f"{found}; one of {', '.join(WAYS)} is needed.", advice="Give e.g. code and system.")
    if ways == ["code"]:
        return [Wanted(given.text(system), given.text("code"), given.text("display"), given.text(version))]
    value = given.value(ways[0]) or {}
    codings = [value] if ways == ["coding"] else value.get("coding", [])
    if not isinstance(codings, list) or not all(isinstance(one, dict) for one in codings):
        raise BadRequest("codeableConcept.coding is a list of Codings.")
    return [_coding(one) for one in codings if one.get("code")]


def _coding(value: Json) -> Wanted:
    parts = {name: value[name] for name in ("system", "code", "display", "version") if name in value}
    if not all(isinstance(part, str) for part in parts.values()):
        raise BadRequest("The system, code, display and version of a Coding are texts.")
    return Wanted(**parts)


def checked(  # noqa: PLR0917  # two questions about a code, and how their answers are worded
    service: Service,
    codes: list[Wanted],
    known: Callable[[Wanted], bool | None],
    concept: Callable[[Wanted], Concept | None],
    where: str,
    why: Callable[[], str],
    given: Arguments,
) -> Response:
    """The Parameters of $validate-code: true for the first code that is `known`, else what is wrong with each."""
    terminology = service.shared.terminology
    said: list[str] = []
    display = ""
    for wanted in codes:
        answer = known(wanted)
        named = f"{wanted.system or 'no system'}#{wanted.code}"
        if answer is None:
            said.append(f"Whether {named} is in {where} cannot be known here: {why()}.")
            continue
        if not answer:
            said.append(f"The code '{wanted.code}' of {wanted.system or 'no system'} is not in {where}.")
            continue
        found = concept(wanted)
        wanted = replace(wanted, system=wanted.system or (found.system if found else ""))
        preferred = in_language(found, given.text("displayLanguage")) if found else ""
        display = preferred or terminology.display(wanted.system, wanted.code) or ""
        problem = _problem(terminology, wanted, found, display, abstract=given.flag("abstract"))
        if not problem:
            return _result(True, display, "")
        said.append(problem)
    return _result(False, display, " ".join(said) or "There is no coding with a code.")


def _problem(
    terminology: Terminology, wanted: Wanted, found: Concept | None, display: str, *, abstract: bool | None
) -> str:
    """What is wrong with a code that is there: its version, its display, or that it only groups others; else empty."""
    system, code = wanted.system, wanted.code
    if wanted.version and terminology.code_system(f"{system}|{wanted.version}") is None:
        return f"The version '{wanted.version}' of {system} is not known here."
    if found is not None and found.is_abstract and abstract is False:
        return f"The code '{code}' is abstract: it groups others."
    names = {*terminology.displays(system, code), display, *((found.display, *found.names) if found else ())}
    if wanted.display and any(names) and _plain(wanted.display) not in map(_plain, names):
        return f"The display '{wanted.display}' is not one of {system}#{code}; that is '{display}'."
    return ""


def _plain(text: str) -> str:
    """A display as displays are compared: without case and extra spaces."""
    return " ".join(text.casefold().split())


def in_language(concept: Concept, languages: str) -> str:
    """The display in the first of the languages (`de, en;q=0.5`) that the concept has; its own display else."""
    for asked in languages.replace(" ", "").split(","):
        tag = asked.partition(";")[0].lower()
        for one in concept.designations:
            spoken = str(one.get("language", "")).lower()
            if tag and (spoken == tag or spoken.startswith(f"{tag}-")) and one.get("value"):
                return str(one["value"])
    return concept.display


def _result(good: bool, display: str, message: str) -> Response:
    rows: list[Json] = [{"name": "result", "valueBoolean": good}]
    if message:
        rows.append({"name": "message", "valueString": message})
    if display:
        rows.append({"name": "display", "valueString": display})
    return Response(200, {"resourceType": "Parameters", "parameter": rows})
