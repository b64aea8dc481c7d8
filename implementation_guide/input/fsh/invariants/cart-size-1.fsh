Invariant: cart-size-1
Description: "Weight SHALL be in kg, height in cm, body surface area in m2."
Severity: #error
Expression: "value.exists() implies ((code.coding.where(code = '29463-7').exists() implies value.ofType(Quantity).code = 'kg') and (code.coding.where(code = '8302-2').exists() implies value.ofType(Quantity).code = 'cm') and (code.coding.where(code = '8277-6').exists() implies value.ofType(Quantity).code = 'm2'))"
