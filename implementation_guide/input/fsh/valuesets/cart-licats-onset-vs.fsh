ValueSet: CARTLicatsOnsetVS
Id: cart-licats-onset-vs
Title: "LICATS Onset"
Description: "Windows of onset of local toxicity."
* insert Codes
* include codes from system CARTLicatsOnsetCS
