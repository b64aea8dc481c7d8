"""Check a resource, and see what a finding says."""

from cart_fhir import Validator

GUIDE = "https://w3id.org/cart-fhir"
score = {
    "resourceType": "Observation",
    "meta": {"profile": [f"{GUIDE}/StructureDefinition/cart-mg-adl"]},
    "status": "final",
    "category": [
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}]}
    ],
    "code": {"coding": [{"system": f"{GUIDE}/CodeSystem/cart-disease-activity-cs", "code": "mg-adl"}]},
    "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2026-03-10",
    "valueQuantity": {"value": 25, "unit": "{score}", "system": "http://unitsofmeasure.org", "code": "{score}"},
}

for issue in Validator().validate(score):
    print(f"{issue.severity}: {issue.expression}: {issue.text}")
