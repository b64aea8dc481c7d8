ValueSet: CARTCostimulatoryDomainVS
Id: cart-costimulatory-domain-vs
Title: "Costimulatory Domain"
Description: "Costimulatory domains of the receptor."
* insert Codes
* include codes from system CARTCostimulatoryDomainCS
