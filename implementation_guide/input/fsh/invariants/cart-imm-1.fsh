Invariant: cart-imm-1
Description: "Returns and recoveries SHALL be dates, aplasia and kept titres yes or no."
Severity: #error
Expression: "value.exists() implies (code.coding.where(code = 'b-cell-reconstitution' or code = 'neutrophil-recovery' or code = 'platelet-recovery').exists() = value.ofType(dateTime).exists())"
