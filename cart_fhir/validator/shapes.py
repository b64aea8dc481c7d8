"""The shapes that the rules speak in: a Rule looks at a value, a Property at a value with the object that holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.findings import Finding

Rule = Callable[[Any, "Context"], "list[Finding] | None"]
Property = Callable[[Any, dict[str, Any], "Context"], "list[Finding] | None"]
