ValueSet: CARTHypotensionLevelVS
Id: cart-hypotension-level-vs
Title: "Hypotension Level"
Description: "Degrees of hypotension in CRS."
* insert Codes
* include codes from system CARTHypotensionLevelCS
