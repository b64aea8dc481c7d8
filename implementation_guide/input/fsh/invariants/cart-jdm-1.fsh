Invariant: cart-jdm-1
Description: "The JDM DAS total SHALL be the sum of its muscle (0-11) and skin (0-9) parts when both are given, and lie between 0 and 20."
Severity: #error
Expression: "value.ofType(Quantity).exists() implies (value.ofType(Quantity).value >= 0 and value.ofType(Quantity).value <= 20 and (component.value.ofType(Quantity).value.count() = 2 implies value.ofType(Quantity).value = component.where(code.coding.where(code = 'jdm-das-muscle').exists()).value.ofType(Quantity).value + component.where(code.coding.where(code = 'jdm-das-skin').exists()).value.ofType(Quantity).value))"
