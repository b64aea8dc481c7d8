Invariant: cart-bx-1
Description: "The activity index SHALL lie between 0 and 24, the chronicity index between 0 and 12."
Severity: #error
Expression: "component.where(code.coding.where(code = 'nih-activity-index').exists()).value.ofType(Quantity).all(value >= 0 and value <= 24) and component.where(code.coding.where(code = 'nih-chronicity-index').exists()).value.ofType(Quantity).all(value >= 0 and value <= 12)"
