Invariant: cart-sub-1
Description: "A submission SHALL contain the patients it speaks of and at least one Provenance that says where the data come from."
Severity: #error
Expression: "entry.resource.ofType(Patient).exists() and entry.resource.ofType(Provenance).exists()"
