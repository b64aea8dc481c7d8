Invariant: cart-mmt-1
Description: "MMT-8 SHALL lie between 0 and 80."
Severity: #error
Expression: "value.ofType(Quantity).exists() implies (value.ofType(Quantity).value >= 0 and value.ofType(Quantity).value <= 80)"
