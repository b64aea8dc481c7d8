ValueSet: CARTImmuneStateVS
Id: cart-immune-state-vs
Title: "Immune State"
Description: "Conclusions about immune cells."
* insert Codes
* include codes from system CARTImmuneStateCS
