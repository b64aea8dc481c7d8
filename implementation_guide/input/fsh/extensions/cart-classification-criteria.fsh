Extension: CARTClassificationCriteria
Id: cart-classification-criteria
Title: "Classification Criteria"
Description: "Classification criteria by which the disease was classified."
* insert Context(Condition)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTClassificationCriteriaVS (extensible)
