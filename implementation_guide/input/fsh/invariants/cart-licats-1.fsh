Invariant: cart-licats-1
Description: "The severity of LICATS SHALL be 1 to 4, or 0 when it was looked for and absent."
Severity: #error
Expression: "value.coding.where(code = '5').exists().not()"
