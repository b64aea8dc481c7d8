ValueSet: CARTHypoxiaLevelVS
Id: cart-hypoxia-level-vs
Title: "Hypoxia Level"
Description: "Degrees of hypoxia in CRS."
* insert Codes
* include codes from system CARTHypoxiaLevelCS
