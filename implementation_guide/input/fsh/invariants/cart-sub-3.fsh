Invariant: cart-sub-3
Description: "Every entry of a transaction SHALL be a PUT, so that sending it twice changes nothing."
Severity: #error
Expression: "type = 'transaction' implies entry.all(request.method = 'PUT')"
