ValueSet: CARTTargetAntigenVS
Id: cart-target-antigen-vs
Title: "Target Antigen"
Description: "Antigens that receptors bind."
* insert Codes
* include codes from system CARTTargetAntigenCS
