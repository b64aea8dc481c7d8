Invariant: cart-state-1
Description: "The value SHALL be of the kind that belongs to the code: intensity a code, prednisone dose a quantity in mg/d or mg/kg/d, bridging a boolean, end of immunosuppression a date."
Severity: #error
Expression: "value.exists() implies ((code.coding.where(code = 'background-intensity').exists() implies value.ofType(CodeableConcept).exists()) and (code.coding.where(code = 'prednisone-equivalent-dose').exists() implies (value.ofType(Quantity).code = 'mg/d' or value.ofType(Quantity).code = 'mg/kg/d')) and (code.coding.where(code = 'bridging-therapy-given').exists() implies value.ofType(boolean).exists()) and (code.coding.where(code = 'ist-discontinued').exists() implies value.ofType(dateTime).exists()))"
