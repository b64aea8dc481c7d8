Invariant: cart-pat-1
Description: "A patient SHALL NOT have died before birth."
Severity: #error
Expression: "iif(birthDate.toString().substring(0, 4) > deceased.ofType(dateTime).toString().substring(0, 4) or (birthDate.toString().length() = 10 and deceased.ofType(dateTime).toString().length() >= 10 and birthDate.toString() > deceased.ofType(dateTime).toString().substring(0, 10)), false, true)"
