"""Every rule that the validator knows: id, severity, FHIR issue code, clause, what it finds, what to do about it.

The one list: findings take severity, code and advice from here, docs/rules is written from it, SARIF names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from cart_fhir.issues import Severity

_R4 = "https://hl7.org/fhir/R4/"


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule: `id` is stable, `advice` may be empty when the finding itself says what to do."""

    id: str
    severity: Severity
    code: str
    title: str
    advice: str
    clause: str


# A rule: one line with id, severity, issue code and page of the specification; what it finds; after -> what to do.
_TABLE = """\
syntax fatal structure formats.html
    The text is not well-formed JSON or XML.
    -> Correct the text at the line and column given.
resource-type error structure resourcelist.html
    The resource type is missing or unknown.
    -> Give one of R4's resource types in resourceType.
resource-place error structure profiling.html
    A resource of this type is not allowed here.
unknown-element error structure json.html
    A property that the definition does not have.
    -> Remove it, correct its name, or use an extension.
json-shape error structure json.html
    An array, object or primitive stands where another is expected.
json-null error structure json.html#primitive
    null stands where a value is expected.
    -> Leave out what has no value.
empty-array error invalid json.html
    An array has no items.
    -> Leave the property out.
empty-object error invariant element.html#invs
    An element has neither value nor children (ele-1).
    -> Leave the property out.
format error invalid datatypes.html#primitive
    A primitive is not written as its type demands.
min error structure conformance-rules.html#cardinality
    A mandatory element is missing or occurs too seldom.
max error structure conformance-rules.html#cardinality
    An element occurs more often than allowed.
type error structure formats.html#choice
    A choice element has a type that is not allowed here.
fixed error value elementdefinition-definitions.html#ElementDefinition.fixed_x_
    A value differs from the one the profile fixes.
pattern error value elementdefinition-definitions.html#ElementDefinition.pattern_x_
    A value lacks what the profile's pattern demands.
max-length error too-long elementdefinition-definitions.html#ElementDefinition.maxLength
    A string is longer than allowed.
min-value error invalid elementdefinition-definitions.html#ElementDefinition.minValue_x_
    A value is below the least allowed.
max-value error invalid elementdefinition-definitions.html#ElementDefinition.maxValue_x_
    A value is above the greatest allowed.
bound-not-checked warning not-supported elementdefinition-definitions.html#ElementDefinition.minValue_x_
    A bound could not be compared with the value.
    -> Use the unit of the bound, or one that UCUM converts to it.
value-required error invalid elementdefinition.html
    A primitive has no value where the profile demands one.
binding-required error code-invalid terminologies.html#required
    A code is not in the required value set.
    -> Use a code from the value set.
binding-extensible warning code-invalid terminologies.html#extensible
    A code is not in the extensible value set, and no profile prescribes it.
    -> Use a code from the value set unless none of them fits.
binding-maximum error code-invalid extension-elementdefinition-maxvalueset.html
    A code is outside the maximum value set.
    -> Use a code from the maximum value set.
value-set-not-checked information not-supported terminologies.html
    Codes could not be checked: the value set cannot be known offline.
code-unknown error code-invalid datatypes.html#Coding
    A code is not in its code system.
    -> Correct the code or its system.
coding-system error invalid datatypes.html#Coding
    Coding.system is not the absolute URI of a code system.
display error invalid datatypes.html#Coding
    A display is not one that the code system gives to the code.
    -> Use the display of the code system, or leave it out; what people wrote goes in 'text'.
identifier-system error invalid datatypes.html#Identifier
    Identifier.system is not an absolute URI.
ucum error code-invalid datatypes.html#Quantity
    A unit code is not UCUM.
attachment-size error structure datatypes.html#Attachment
    Attachment.size is not that of the data.
attachment-hash error structure datatypes.html#Attachment
    Attachment.hash is not that of the data.
slice-min error structure profiling.html#slicing
    A mandatory slice is missing or has too few items.
slice-closed error invalid profiling.html#slicing
    An item matches no slice, and the slicing is closed.
slice-ambiguous error invalid profiling.html#slicing
    An item matches more than one slice.
slicing-not-checked information not-supported profiling.html#discriminator
    Slices could not be told apart: the profile does not say by what.
slice-order error invalid profiling.html#slicing
    The items of an ordered slicing are out of order.
extension-url error invalid extensibility.html
    An extension's URL is not absolute.
extension-unknown error structure extensibility.html
    Nobody at hand defines this extension.
    -> Load the package that defines it (--definitions), or allow its domain (--allow-extensions).
extension-part error structure extensibility.html
    A part of a complex extension is not defined by it.
extension-context error structure defining-extensions.html#context
    An extension stands on an element that its definition does not allow.
extension-modifier error structure extensibility.html#modifierExtension
    A modifier extension stands in 'extension', or the reverse.
extension-content error invariant extensibility.html
    An extension has both a value and extensions, or neither (ext-1).
reference-form error invalid references.html#literal
    A reference is not written as one.
reference-type error structure references.html
    A reference points to a type that is not allowed here.
reference-profile error structure references.html
    The target of a reference does not meet the profile required.
reference-contained error not-found references.html#contained
    A reference points to a contained resource that is not there.
reference-unresolved error not-found bundle.html#references
    A reference points to something that should be in the bundle and is not.
reference-aggregation error structure elementdefinition-definitions.html#ElementDefinition.type.aggregation
    The target of a reference is given in a way that the profile does not allow.
element-id error invalid element.html#id
    Two elements of one resource have the same id.
contained-id error invalid references.html#contained
    A contained resource has no id, or one used twice.
contained-unused error invalid domainresource.html#invs
    A contained resource is not referred to (dom-3).
    -> Refer to it, or remove it.
profile-unknown warning not-found profiling.html
    A profile is not known here, so it was not checked.
    -> Load the package that defines it (--definitions).
profile-type error invalid profiling.html
    A profile is for another type.
profile-choice error structure profiling.html
    A value meets none of the profiles allowed.
type-unknown information not-supported datatypes.html
    An element's type is not known here, so it was not checked.
invariant error invariant elementdefinition-definitions.html#ElementDefinition.constraint
    An invariant does not hold.
best-practice warning invariant best-practices.html
    A rule of good practice is not followed.
invariant-unreadable error invariant fhirpath.html
    The expression of an invariant cannot be read.
    -> Mend it in the definition; until then nothing meets the invariant.
narrative error invalid narrative.html
    The narrative has what FHIR does not allow in it.
narrative-empty error invariant narrative.html
    The narrative says nothing (txt-2).
narrative-link error invalid narrative.html#id
    A link in the narrative leads nowhere.
narrative-language error business-rule narrative.html
    The narrative lacks the language sections the profile demands, or has what it forbids.
html-in-text error invalid security.html#narrative
    A plain string looks like HTML.
bidi error invalid security.html
    A string has characters that change the direction of what is shown.
bundle-first error invalid bundle.html
    The first entry of a document or message is not what it must be.
bundle-full-url error invalid bundle-definitions.html#Bundle.entry.fullUrl
    An entry's fullUrl is wrong.
bundle-link error invalid bundle.html#searchset
    A bundle's links are wrong.
bundle-search error invalid bundle.html#searchset
    An entry of a searchset is not what it says.
bundle-reference error not-found bundle.html#references
    A reference is not resolved as the bundle demands.
bundle-unreachable error informational documents.html#content
    An entry of a document is not reached from its Composition.
questionnaire-unknown information not-supported questionnaireresponse.html
    The answers could not be checked: their questionnaire is not at hand.
    -> Load the questionnaire (--definitions).
questionnaire error business-rule questionnaire.html
    A condition of a questionnaire leads to no question that is asked before.
answer error structure questionnaireresponse.html
    An answer does not fit its questionnaire.
definition error business-rule profiling.html
    A conformance resource contradicts itself.
definition-unknown information not-supported profiling.html
    A definition that another refers to is not at hand, so that it was not checked.
    -> Load the package that defines it (--definitions).
code-system error business-rule codesystem.html
    A code system contradicts itself, or what it supplements.
code-system-unknown information not-supported valueset.html
    Codes could not be checked: the code system or value set is not at hand.
    -> Load the package that defines it (--definitions).
value-set error business-rule valueset.html
    A value set includes what is not there, or filters by what cannot be filtered.
concept-map error business-rule conceptmap.html
    A concept map maps from or to a code that is not there.
search-parameter error business-rule searchparameter.html
    A search parameter's expression or components cannot be used.
operation-definition error business-rule operationdefinition.html
    An operation contradicts itself.
"""


def _read(table: str) -> dict[str, RuleEntry]:
    rules: dict[str, RuleEntry] = {}
    lines = iter(table.splitlines())
    head, title, advice = "", "", ""
    for line in [*lines, "end error end end"]:
        if line.startswith("    -> "):
            advice = line[7:]
        elif line.startswith("    "):
            title = line.strip()
        else:
            if head:
                id, severity, code, clause = head.split()
                rules[id] = RuleEntry(id, cast("Severity", severity), code, title, advice, _R4 + clause)
            head, title, advice = line, "", ""
    return rules


RULES: dict[str, RuleEntry] = _read(_TABLE)
