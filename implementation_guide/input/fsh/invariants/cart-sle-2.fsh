Invariant: cart-sle-2
Description: "The SLEDAI-2K total SHALL be a whole number from 0 to 105."
Severity: #error
Expression: "value.ofType(Quantity).exists() implies (value.ofType(Quantity).value >= 0 and value.ofType(Quantity).value <= 105 and value.ofType(Quantity).value = value.ofType(Quantity).value.truncate())"
