Invariant: cart-jdm-3
Description: "The modified JDM DAS SHALL lie between 0 and 12."
Severity: #error
Expression: "value.ofType(Quantity).exists() implies (value.ofType(Quantity).value >= 0 and value.ofType(Quantity).value <= 12)"
