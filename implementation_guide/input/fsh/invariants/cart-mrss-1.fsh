Invariant: cart-mrss-1
Description: "The mRSS SHALL lie between 0 and 51."
Severity: #error
Expression: "value.ofType(Quantity).exists() implies (value.ofType(Quantity).value >= 0 and value.ofType(Quantity).value <= 51)"
