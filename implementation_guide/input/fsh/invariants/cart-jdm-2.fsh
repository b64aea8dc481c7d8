Invariant: cart-jdm-2
Description: "The muscle part of the JDM DAS SHALL lie between 0 and 11, the skin part between 0 and 9."
Severity: #error
Expression: "component.where(code.coding.where(code = 'jdm-das-muscle').exists()).value.ofType(Quantity).all(value >= 0 and value <= 11) and component.where(code.coding.where(code = 'jdm-das-skin').exists()).value.ofType(Quantity).all(value >= 0 and value <= 9)"
