Extension: CARTOrganDomain
Id: cart-organ-domain
Title: "Organ Domain"
Description: "Organ system of an involvement, for counting over diseases."
* insert Context(Condition)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTOrganDomainVS (required)
