Invariant: cart-ae-6
Description: "A patient with a fatal event SHALL be known as dead."
Severity: #error
Expression: "(outcome.coding.where(code = 'fatal').exists() and subject.resolve().exists()) implies (subject.resolve().deceased.ofType(dateTime).exists() or subject.resolve().deceased.ofType(boolean) = true)"
