Invariant: cart-prior-2
Description: "A procedure that was not done SHALL NOT carry a time."
Severity: #error
Expression: "status = 'not-done' implies performed.exists().not()"
