Invariant: cart-ae-3
Description: "The severity SHALL agree with the grade: mild is grade 1, moderate grade 2, severe grade 3 or more."
Severity: #error
Expression: "(severity.exists() and extension('https://w3id.org/cart-fhir/StructureDefinition/cart-ae-grade').value.coding.exists()) implies ((severity.coding.where(code = 'mild').exists() = extension('https://w3id.org/cart-fhir/StructureDefinition/cart-ae-grade').value.coding.where(code = 'C41338').exists()) and (severity.coding.where(code = 'moderate').exists() = extension('https://w3id.org/cart-fhir/StructureDefinition/cart-ae-grade').value.coding.where(code = 'C41339').exists()))"
