Invariant: cart-ae-1
Description: "An event of grade 5 SHALL have the outcome fatal, and a graded event with the outcome fatal SHALL be of grade 5."
Severity: #error
Expression: "extension('https://w3id.org/cart-fhir/StructureDefinition/cart-ae-grade').value.coding.exists() and outcome.coding.exists() implies (extension('https://w3id.org/cart-fhir/StructureDefinition/cart-ae-grade').value.coding.where(code = 'C48275').exists() = outcome.coding.where(code = 'fatal').exists())"
