"""The validator: resources in (as dicts, text or files), issues out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cart_fhir.definitions import Registry
from cart_fhir.errors import BadSyntax, CartFHIRError
from cart_fhir.formats import json as fhir_json
from cart_fhir.formats import json_text
from cart_fhir.issues import Issue
from cart_fhir.validator.context import Context, Json, Options
from cart_fhir.validator.findings import Locate, distinct, lift, nowhere, one
from cart_fhir.validator.program import Program


class Validator:
    """Checks resources against FHIR R4, the profiles they claim, and those asked for.

    `definitions` are packages (.tgz or folder) or single definition files to know besides R4 core and the guide;
    `registry` replaces all of them. `best_practice` adds warnings of good practice; `allow_extensions` are beginnings
    of URLs (or `any`) of extensions that may be used without a definition at hand. Compiled definitions are kept with
    the registry: a second validator over the same registry starts warm.
    """

    def __init__(
        self,
        definitions: Iterable[str | Path | Json] = (),
        *,
        registry: Registry | None = None,
        best_practice: bool = False,
        allow_extensions: Iterable[str] = (),
    ) -> None:
        extra = list(definitions)
        if registry is None:
            registry = Registry() if extra else Registry.default()
        for each in extra:
            if isinstance(each, dict):
                registry.add(each)
            else:
                registry.load(each)
        self.registry = registry
        self.options = Options(best_practice, tuple(allow_extensions))

    @property
    def definition_issues(self) -> list[Issue]:
        """What is wrong with the loaded definitions themselves, and the packages that they need and that are not here.

        Snapshots that are still to be made are made, so that the answer does not depend on what was validated before.
        """
        for each in self.registry.all("StructureDefinition"):
            self.registry.structure(f"{each['url']}|{each['version']}" if each.get("version") else each["url"])
        return list(dict.fromkeys(self.registry.issues))

    def validate(self, resource: Json | bytes | str | Path, profile: str | None = None) -> list[Issue]:
        """All findings about a resource, in the order of the data; an empty list when there is nothing to say.

        `resource` as bytes, str or Path is text in JSON or XML, and issues carry line and column; text that is not
        well-formed gives one fatal issue. `profile` is a canonical to check against besides what the resource claims.
        """
        if isinstance(resource, dict):
            return self._check(resource, profile, nowhere)
        data = _bytes(resource)
        shown: list[Issue] = []
        try:
            value = self._read(data, shown)
        except CartFHIRError as problem:
            return list(problem.issues)
        if not isinstance(value, dict):
            text = "The text is not a resource: it must be an object."
            advice = "Put several resources into a Bundle, or write them as NDJSON, one a line."
            return [Issue("fatal", "structure", "syntax", text, advice=advice)]
        return [*shown, *self._check(value, profile, _locator(data))]

    def _read(self, data: bytes, shown: list[Issue]) -> Any:
        """The value; what only the XML shows (order, stray text, attributes) is added to `shown`."""
        if _is_xml(data):
            from cart_fhir.formats import xml

            return xml.loads(data, self.registry.types, shown)
        try:
            return fhir_json.loads(data)
        except BadSyntax as problem:
            value, faults = _mended(data)
            if not faults:
                raise problem from None
            shown += faults
            return value

    def _check(self, resource: Json, profile: str | None, locate: Locate) -> list[Issue]:
        program = Program.of(self.registry)
        context = Context(program, self.options)
        kind = resource.get("resourceType")
        start = kind if isinstance(kind, str) and kind else "Resource"
        try:
            found = program.check(resource, context, (profile,) if profile else ()) or []
        except RecursionError:
            found = one("json-shape", "The resource is nested too deeply to be checked.")
        if not found and not context.unchecked:
            return []
        lift(found, start)
        return distinct([*found, *context.notes(start)], locate)


def _mended(data: bytes) -> tuple[Any, list[Issue]]:
    """The resource that a faulty JSON text means, and its faults as issues; no issues where it cannot be told."""
    from cart_fhir.formats import json_mended

    try:
        value, faults = json_mended.read(data.decode("utf-8-sig"))
    except (BadSyntax, UnicodeDecodeError):
        return None, []
    if not isinstance(value, dict) or not isinstance(kind := value.get("resourceType"), str):
        return None, []
    lines = json_text.Lines(data)
    made = []
    for at, path, said in faults:
        line, column = lines.position(at)
        made.append(Issue("error", "structure", "syntax", said, kind + path, line=line, column=column))
    return value, made


def _bytes(source: bytes | str | Path) -> bytes:
    if isinstance(source, Path):
        return source.read_bytes()
    return source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source


def _is_xml(data: bytes) -> bool:
    if data[:1] == b"{":
        return False
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n") or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start[:1] == b"<"


def _locator(data: bytes) -> Locate:
    """Line and column of an element in the text; those of the nearest element that is there when it is not."""
    if _is_xml(data):
        from cart_fhir.formats import xml

        return xml.locate(data)
    return fhir_json.locate(data)
