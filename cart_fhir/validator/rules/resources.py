"""What whole resources demand beyond their definition: every resource, and those types that have rules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join
from cart_fhir.validator.rules import (
    bundle,
    capability_statement,
    code_system,
    concept_map,
    contained,
    element_ids,
    operation_definition,
    questionnaire,
    questionnaire_response,
    search_parameter,
    structure_definition,
    value_set,
)

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
from collections.abc import Callable


def every_resource(resource: dict[str, Any], context: Context) -> Found:
    """The rules of every resource."""
    found = contained.check(resource, context) if "contained" in resource else None
    return join(found, element_ids.check(resource, context)) if context.has_element_ids else found


RESOURCE_RULES: dict[str, Callable[[Any, Any], Found]] = {
    "Bundle": bundle.check,
    "CapabilityStatement": capability_statement.check,
    "CodeSystem": code_system.check,
    "ConceptMap": concept_map.check,
    "OperationDefinition": operation_definition.check,
    "Questionnaire": questionnaire.check,
    "QuestionnaireResponse": questionnaire_response.check,
    "SearchParameter": search_parameter.check,
    "StructureDefinition": structure_definition.check,
    "ValueSet": value_set.check,
}
