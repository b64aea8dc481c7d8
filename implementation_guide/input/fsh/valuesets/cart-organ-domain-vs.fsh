ValueSet: CARTOrganDomainVS
Id: cart-organ-domain-vs
Title: "Organ Domain"
Description: "Organ systems."
* insert Codes
* include codes from system CARTOrganDomainCS
