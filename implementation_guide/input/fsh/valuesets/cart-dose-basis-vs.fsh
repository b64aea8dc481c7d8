ValueSet: CARTDoseBasisVS
Id: cart-dose-basis-vs
Title: "Dose Basis"
Description: "What a planned dose is calculated from."
* insert Codes
* include codes from system CARTDoseBasisCS
