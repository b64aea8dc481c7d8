ValueSet: CARTMgAdlItemVS
Id: cart-mg-adl-item-vs
Title: "MG-ADL Item"
Description: "Items of MG-ADL, by short label only."
* insert Codes
* include codes from system CARTMgAdlItemCS
