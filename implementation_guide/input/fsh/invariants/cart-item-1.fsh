Invariant: cart-item-1
Description: "Each item of a score SHALL be given at most once."
Severity: #error
Expression: "component.code.coding.where(system.startsWith('https://w3id.org/cart-fhir/CodeSystem/')).code.isDistinct()"
