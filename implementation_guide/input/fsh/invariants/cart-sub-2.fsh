Invariant: cart-sub-2
Description: "A submission SHALL be a transaction or a collection."
Severity: #error
Expression: "type = 'transaction' or type = 'collection'"
