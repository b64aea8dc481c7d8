"""Regular expressions in time linear to the text (RE2), since patterns and texts come from strangers.

Python's own engine takes hours on a short text with the wrong pattern. What RE2 leaves out (look-around and
back-references) is refused when the expression is compiled, where the pattern is a constant.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from cart_fhir.errors import BadSyntax

_UNICODE_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
MAX_LENGTH = 10_000
"""Characters of a pattern."""


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """The pattern compiled, with `.search`, `.fullmatch` and `.sub`; BadSyntax where it is none or not linear.

    FHIRPath asks for single-line mode: `.` matches line ends too (https://hl7.org/fhirpath/#matchesregex).
    """
    import re2  # loaded with the first pattern

    if len(pattern) > MAX_LENGTH:
        raise BadSyntax(f"The regular expression is longer than {MAX_LENGTH} characters.")
    options = re2.Options()
    options.dot_nl = True
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return re2.compile(_UNICODE_ESCAPE.sub(r"\\x{\1}", pattern), options)
    except (re2.error, UnicodeError) as error:
        raise BadSyntax(
            f"'{pattern[:80]}' cannot be used as a regular expression: {_plain(error)}.",
            advice="Look-around and back-references are not offered, since they cannot be bounded in time.",
        ) from error


def _plain(error: Exception) -> str:
    text = error.args[0] if error.args else error
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def replace(pattern: str, text: str, substitution: str) -> str:
    """Every match replaced; `$1` in the substitution is the first group. An empty pattern changes nothing."""
    if not pattern:
        return text
    import re2

    expression = compiled(pattern)
    template = re.sub(r"\$(\d)", r"\\\1", substitution.replace("\\", r"\\"))
    try:
        return str(expression.sub(template, text))
    except (re2.error, IndexError) as error:
        raise BadSyntax(f"'{substitution[:80]}' cannot be used as a replacement: {_plain(error)}.") from error
