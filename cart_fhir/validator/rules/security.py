"""Text that may harm who reads it: HTML in plain strings, characters that reorder what is shown.

https://hl7.org/fhir/R4/security.html#narrative, CVE-2021-42574 (bidirectional control characters).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, one

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

_ACTIVE = re.compile(
    r"<\s*(?:script|iframe|object|embed|applet|form|link|meta|style|svg|base|img)(?:\s[^<>]*)?/?>", re.IGNORECASE
).search
_TAG = re.compile(
    r"<\s*/?\s*(?:a|b|br|button|div|em|h[1-6]|i|li|ol|p|span|strong|table|td|tr|u|ul)(?:\s[^<>]*)?/?>"
).search
_BLANK = "The text consists of whitespace only; it should say something, or be left out."
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]").search


def text(value: Any, context: Context) -> Found:
    """A string must not look like HTML nor hide its order."""
    if type(value) is not str:
        return None
    if not value.isascii() and _BIDI(value):
        return one("bidi", "The text has characters that change the direction of what is shown (U+202A..E, U+2066..9).")
    if "<" not in value:
        return one("format", _BLANK, severity="warning") if value.isspace() else None
    if _ACTIVE(value):
        return one("html-in-text", "The text has HTML in it that browsers run or load; a plain string must not.")
    if _TAG(value):
        return one("html-in-text", "The text looks like it has HTML tags in it.", severity="warning")
    return None


def markdown(value: Any, context: Context) -> Found:
    """Markdown is escaped where it is shown, so HTML in it is only suspicious."""
    found = text(value, context)
    for each in found or ():
        if each.rule == "html-in-text":
            each.severity = "warning"
    return found
