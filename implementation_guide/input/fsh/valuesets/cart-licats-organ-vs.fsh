ValueSet: CARTLicatsOrganVS
Id: cart-licats-organ-vs
Title: "LICATS Organ"
Description: "Organs of local toxicity."
* insert Codes
* include codes from system CARTLicatsOrganCS
