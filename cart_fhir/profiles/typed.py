"""The profiles of the guide as classes, for people who write Python: models that fill what a profile fixes.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from cart_fhir.profiles.elements import concept, planned_dose, quantity, study_day
    >>> dose = LymphodepletionAdministration(
    ...     status="completed",
    ...     subject={"reference": "Patient/p1"},
    ...     medicationCodeableConcept=concept("http://www.whocc.no/atc", "L01BB05"),
    ...     effectiveDateTime="2026-03-05",
    ...     extension=[study_day(date(2026, 3, 5), date(2026, 3, 10)), planned_dose(30, "mg/m2/d")],
    ...     dosage={"dose": quantity(Decimal("48.60"), "mg")},
    ... )
    >>> made = dose.resource()  # a dict that the validator accepts
    >>> made["reasonCode"][0]["coding"][0]["code"]  # the profile fixes it
    'lymphodepletion'
    >>> str(made["dosage"]["dose"]["value"])
    '48.60'

The constructor takes FHIR's own names, dicts or models for the parts, and raises pydantic's ValidationError for what
isn't FHIR (R4B, which differs from R4 in no element that the guide uses); the profile's own rules are the
validator's. Dicts stay the currency inside cart_fhir: this module, and fhir.resources with it, is loaded only by
those who import it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, ClassVar, cast

from fhir.resources.R4B.adverseevent import AdverseEvent
from fhir.resources.R4B.biologicallyderivedproduct import BiologicallyDerivedProduct
from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.medication import Medication
from fhir.resources.R4B.medicationadministration import MedicationAdministration
from fhir.resources.R4B.medicationstatement import MedicationStatement
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.patient import Patient
from fhir.resources.R4B.procedure import Procedure
from fhir.resources.R4B.provenance import Provenance
from pydantic import BaseModel

from cart_fhir.definitions import Registry
from cart_fhir.errors import NotFound
from cart_fhir.profiles import canonical
from cart_fhir.profiles.fill import fill

Json = dict[str, Any]


class Profiled:
    """What the classes below share: `PROFILE` is the id of the profile; it is filled in as the model is made."""

    PROFILE: ClassVar[str]

    def __init__(self, **elements: Any) -> None:
        super().__init__(**fill(canonical.url(self.PROFILE), cast(Json, plain(elements))))

    def resource(self) -> Json:
        """The resource as a plain dict: decimals keep their digits, dates are text, what the profile fixes is there."""
        return fill(canonical.url(self.PROFILE), cast(Json, plain(self)))


def plain(value: Any) -> Any:
    """Models, dates and times, however deep, as the plain values of FHIR JSON; Decimals stay as they are."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        named = {field.alias or name: getattr(value, name) for name, field in fields.items() if name != "fhir_comments"}
        return {name: plain(part) for name, part in named.items() if part is not None}
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value


def of(profile: str) -> type[Profiled]:
    """The class of any profile of the guide on one of the types above, by its id; made when there is none yet.

    `of("cart-mmt-8")`. Raises NotFound for what is no such profile.
    """
    for known in Profiled.__subclasses__():
        if profile == known.PROFILE:
            return known
    definition = Registry.default().structure(canonical.url(profile))
    bases = {base.__name__: base for known in Profiled.__subclasses__() for base in known.__bases__[1:2]}
    if definition is None or definition["type"] not in bases:
        raise NotFound(f"There is no profile {profile} that a class could be made of.")
    name = "".join(word.capitalize() for word in profile.split("-"))
    body = {"__module__": __name__, "__doc__": definition["title"], "PROFILE": profile}
    body["__annotations__"] = {"PROFILE": ClassVar[str]}
    return type(name, (Profiled, bases[definition["type"]]), body)


class CarTPatient(Profiled, Patient):
    """Patient: identifier, gender and birthDate are asked for."""

    PROFILE: ClassVar[str] = "cart-patient"


class AutoimmuneCondition(Profiled, Condition):
    """The treated disease, or an organ's involvement in it."""

    PROFILE: ClassVar[str] = "cart-autoimmune-condition"


class Leukapheresis(Profiled, Procedure):
    """The collection of the starting material."""

    PROFILE: ClassVar[str] = "cart-leukapheresis"


class CarTProduct(Profiled, BiologicallyDerivedProduct):
    """The product with its attributes and identifiers."""

    PROFILE: ClassVar[str] = "cart-product"


class CarTMedication(Profiled, Medication):
    """The product's twin for systems that can't read BiologicallyDerivedProduct."""

    PROFILE: ClassVar[str] = "cart-medication"


class CarTAdministration(Profiled, MedicationAdministration):
    """The infusion of the product on day 0."""

    PROFILE: ClassVar[str] = "cart-administration"


class LymphodepletionAdministration(Profiled, MedicationAdministration):
    """One day's dose of one lymphodepleting drug."""

    PROFILE: ClassVar[str] = "cart-lymphodepletion"


class PriorImmunosuppression(Profiled, MedicationStatement):
    """An earlier therapy, given or never given."""

    PROFILE: ClassVar[str] = "cart-prior-immunosuppression"


class DiseaseActivity(Profiled, Observation):
    """A disease activity score without a profile of its own."""

    PROFILE: ClassVar[str] = "cart-disease-activity"


class Sledai2k(Profiled, Observation):
    """SLEDAI-2K: items as components, the total as value."""

    PROFILE: ClassVar[str] = "cart-sledai-2k"


class JdmDas(Profiled, Observation):
    """JDM DAS: muscle and skin as components, the total as value."""

    PROFILE: ClassVar[str] = "cart-jdm-das"


class MgAdl(Profiled, Observation):
    """MG-ADL: items as components, the total as value."""

    PROFILE: ClassVar[str] = "cart-mg-adl"


class Laboratory(Profiled, Observation):
    """A laboratory result."""

    PROFILE: ClassVar[str] = "cart-laboratory"


class CarTKinetics(Profiled, Observation):
    """CAR+ T cells, or what was derived from their course."""

    PROFILE: ClassVar[str] = "cart-kinetics"


class CrsGrading(Profiled, Observation):
    """An assessment of cytokine release syndrome with its ASTCT grade."""

    PROFILE: ClassVar[str] = "cart-crs-grading"


class IcansGrading(Profiled, Observation):
    """An assessment of neurotoxicity (ICANS) with its ASTCT grade."""

    PROFILE: ClassVar[str] = "cart-icans-grading"


class CarTAdverseEvent(Profiled, AdverseEvent):
    """An adverse event."""

    PROFILE: ClassVar[str] = "cart-adverse-event"


class ResponseAssessment(Profiled, Observation):
    """The response at a visit."""

    PROFILE: ClassVar[str] = "cart-response"


class CarTProvenance(Profiled, Provenance):
    """Where resources came from."""

    PROFILE: ClassVar[str] = "cart-provenance"
