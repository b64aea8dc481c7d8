Invariant: cart-cmas-1
Description: "CMAS SHALL lie between 0 and 52."
Severity: #error
Expression: "value.ofType(Quantity).exists() implies (value.ofType(Quantity).value >= 0 and value.ofType(Quantity).value <= 52)"
