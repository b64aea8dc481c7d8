Invariant: cart-gen-1
Description: "The generation of the receptor SHALL be a number from 1 to 5."
Severity: #error
Expression: "value >= 1 and value <= 5"
