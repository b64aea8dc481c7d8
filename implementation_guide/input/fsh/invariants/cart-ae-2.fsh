Invariant: cart-ae-2
Description: "An event SHALL NOT be resolved before it began."
Severity: #error
Expression: "iif(date > extension('https://w3id.org/cart-fhir/StructureDefinition/cart-resolve-date').value.first(), false, true)"
