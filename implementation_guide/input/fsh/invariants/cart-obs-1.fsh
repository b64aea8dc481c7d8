Invariant: cart-obs-1
Description: "An observation SHALL have a value, the reason why it has none, or components."
Severity: #error
Expression: "value.exists() or dataAbsentReason.exists() or component.exists() or hasMember.exists()"
