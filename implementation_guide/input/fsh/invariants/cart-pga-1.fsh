Invariant: cart-pga-1
Description: "A global assessment SHALL lie within the scale that its method names."
Severity: #error
Expression: "value.ofType(Quantity).exists() implies (value.ofType(Quantity).value >= 0 and (method.coding.where(code = 'scale-0-3').exists() implies value.ofType(Quantity).value <= 3) and (method.coding.where(code = 'scale-0-10').exists() implies value.ofType(Quantity).value <= 10))"
