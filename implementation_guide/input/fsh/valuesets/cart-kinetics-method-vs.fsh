ValueSet: CARTKineticsMethodVS
Id: cart-kinetics-method-vs
Title: "Kinetics Method"
Description: "How CAR-T cells are measured."
* insert Codes
* include codes from system CARTKineticsMethodCS
