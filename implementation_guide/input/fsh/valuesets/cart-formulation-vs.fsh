ValueSet: CARTFormulationVS
Id: cart-formulation-vs
Title: "Formulation"
Description: "State of the product at infusion."
* insert Codes
* include codes from system CARTFormulationCS
