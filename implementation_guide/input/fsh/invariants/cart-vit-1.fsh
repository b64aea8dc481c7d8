Invariant: cart-vit-1
Description: "A cause of death SHALL be given for the dead only."
Severity: #error
Expression: "component.where(code.coding.where(code = 'cause-of-death').exists()).exists() implies value.coding.where(code = '419099009').exists()"
