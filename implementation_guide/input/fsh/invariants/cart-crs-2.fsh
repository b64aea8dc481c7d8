Invariant: cart-crs-2
Description: "The CRS grade SHALL NOT be lower than any of its criteria says."
Severity: #error
Expression: "value.exists() implies ((component.value.coding.where(code = 'multiple-vasopressors' or code = 'positive-pressure').exists() implies value.coding.where(code = '4' or code = '5').exists()) and (component.value.coding.where(code = 'one-vasopressor' or code = 'high-flow').exists() implies value.coding.where(code = '3' or code = '4' or code = '5').exists()) and (component.value.coding.where(code = 'no-vasopressor' or code = 'low-flow').exists() implies value.coding.where(code = '2' or code = '3' or code = '4' or code = '5').exists()))"
