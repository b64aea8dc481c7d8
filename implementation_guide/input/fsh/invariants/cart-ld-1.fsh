Invariant: cart-ld-1
Description: "Lymphodepletion SHALL be given before the infusion: its study day is negative."
Severity: #error
Expression: "extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').exists() implies extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('day').value.first() < 0"
