Invariant: cart-mga-2
Description: "Each MG-ADL item SHALL be 0, 1, 2 or 3."
Severity: #error
Expression: "component.value.ofType(Quantity).all(value = 0 or value = 1 or value = 2 or value = 3)"
