Invariant: cart-imm-2
Description: "B cells SHALL NOT return before they were absent: the date of reconstitution is not before the aplasia it is derived from."
Severity: #error
Expression: "iif(code.coding.where(code = 'b-cell-reconstitution').exists() and value.ofType(dateTime) < derivedFrom.resolve().where(code.coding.where(code = 'b-cell-aplasia').exists()).first().effective.ofType(dateTime), false, true)"
