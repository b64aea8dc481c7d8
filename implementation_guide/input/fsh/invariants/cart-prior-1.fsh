Invariant: cart-prior-1
Description: "A treatment the patient never had SHALL NOT carry a time of treatment."
Severity: #error
Expression: "status = 'not-taken' implies effective.exists().not()"
