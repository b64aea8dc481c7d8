Invariant: cart-obs-2
Description: "A quantity SHALL carry a UCUM code."
Severity: #error
Expression: "value.ofType(Quantity).exists() implies (value.ofType(Quantity).system = 'http://unitsofmeasure.org' and value.ofType(Quantity).code.exists())"
