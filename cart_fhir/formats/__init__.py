"""FHIR's wire formats. In: bytes as JSON, XML or NDJSON; out: plain dicts shaped like FHIR JSON, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.errors import BadSyntax, UnsupportedMedia
from cart_fhir.formats import json

if TYPE_CHECKING:
    from cart_fhir.fhirpath.types import TypeModel


def read(data: bytes | str, types: TypeModel, content_type: str | None = None) -> dict[str, Any]:
    """The resource in JSON or XML text, as the content type says, or as the text looks where none is given.

    Raises BadSyntax with line and column; UnsupportedMedia for a content type that is neither.
    """
    text = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if is_xml(text, content_type):
        from cart_fhir.formats import xml  # lxml is loaded by those who use it

        return xml.loads(text, types)
    value = json.loads(text)
    if not isinstance(value, dict):
        raise BadSyntax("A resource is a JSON object.", line=1, column=1, advice="Send {...} with a resourceType.")
    return value


def is_xml(data: bytes, content_type: str | None = None) -> bool:
    """True for XML: by content type, else by the first character; UnsupportedMedia for any other content type."""
    name = (content_type or "").partition(";")[0].strip().lower()
    if name.endswith("xml"):
        return True
    if name.endswith(("json", "text/plain", "octet-stream")) or not name:
        return not name.endswith("json") and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    raise UnsupportedMedia(f"'{name}' is not read here.", advice="Send application/fhir+json or application/fhir+xml.")
