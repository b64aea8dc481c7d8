Invariant: cart-adm-1
Description: "The study day of an infusion SHALL be 0, counted from that infusion itself."
Severity: #error
Expression: "extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').exists() implies extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('day').value.first() = 0"
