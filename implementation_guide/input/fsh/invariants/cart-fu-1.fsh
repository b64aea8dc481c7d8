Invariant: cart-fu-1
Description: "A duration SHALL NOT be negative."
Severity: #error
Expression: "value.ofType(Quantity).exists() implies value.ofType(Quantity).value >= 0"
