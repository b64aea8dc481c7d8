"""Known mistakes of R4 4.0.1 that would refuse good data, and what is checked in their place.

Each was found on data that the specification's own text allows; the reference validator mends them too.
"""

from __future__ import annotations

# Expressions that are false for data their text allows.
EXPRESSIONS = {
    # The text is about dateTime only; of a Period the published expression says nothing, which counts as false.
    "($this as dateTime).toString().length() >= 8": "($this is dateTime) implies ($this.toString().length() >= 8)",
    # No probability, or one that is a Range: the published expression says nothing, which counts as false.
    "probability is decimal implies (probability as decimal) <= 100": (
        "probability.empty() or ((probability is decimal) implies ((probability as decimal) <= 100))"
    ),
    # A parameter of a resource type may say which profile its resource meets.
    "targetProfile.exists() implies (type = 'Reference' or type = 'canonical')": (
        "targetProfile.exists() implies (type = 'Reference' or type = 'canonical' or type.matches('^[A-Z]'))"
    ),
    # Empty values in a condition say nothing, which counts as false.
    "(component.empty() and hasMember.empty()) implies (dataAbsentReason or value)": (
        "(component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())"
    ),
    # The text of que-12 says: more than one.
    "enableWhen.count() > 2 implies enableBehavior.exists()": "enableWhen.count() > 1 implies enableBehavior.exists()",
    "isModifier implies isModifierReason.exists()": (
        "(isModifier.exists() and isModifier) implies isModifierReason.exists()"
    ),
    "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')": "name.exists() implies name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')",
    # Of substanceExposureRisk, written for the elements of the resource that it extends: its text wants no code there.
    "substanceExposureRisk.exists() and code.empty()": "%resource.code.empty()",
    # An entry without fullUrl: the published expression says nothing of it, which counts as false.
    "fullUrl.contains('/_history/').not()": "fullUrl.empty() or fullUrl.contains('/_history/').not()",
}

# Elements on which R4's own definitions use an extension that its context does not name.
CONTEXTS = {
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type": ("ElementDefinition.type",),
    "http://hl7.org/fhir/StructureDefinition/regex": ("ElementDefinition.type",),
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-normative-version": (
        "ElementDefinition",
        "ValueSet",
        "CodeSystem",
        "OperationDefinition",
    ),
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status": ("ElementDefinition", "ValueSet"),
    "http://hl7.org/fhir/StructureDefinition/translation": ("ValueSet.expansion.contains",),
}

# Required bindings that would refuse what the page allows: vital signs' components hold more than vital signs' units.
LOOSE_BINDINGS = frozenset({("Observation.component.value[x]", "http://hl7.org/fhir/ValueSet/ucum-vitals-common")})
