Invariant: cart-icans-3
Description: "The ICE score SHALL lie between 0 and 10, the CAPD score between 0 and 32."
Severity: #error
Expression: "component.where(code.coding.where(code = 'ice-score').exists()).value.ofType(Quantity).all(value >= 0 and value <= 10) and component.where(code.coding.where(code = 'capd-score').exists()).value.ofType(Quantity).all(value >= 0 and value <= 32)"
