ValueSet: CARTSeizureVS
Id: cart-seizure-vs
Title: "Seizure"
Description: "Seizures in ICANS."
* insert Codes
* include codes from system CARTSeizureCS
