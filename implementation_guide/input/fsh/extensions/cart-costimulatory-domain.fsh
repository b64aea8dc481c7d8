Extension: CARTCostimulatoryDomain
Id: cart-costimulatory-domain
Title: "Costimulatory Domain"
Description: "Costimulatory domain of the receptor."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTCostimulatoryDomainVS (extensible)
