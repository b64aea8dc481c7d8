Extension: CARTSeriousnessCriterion
Id: cart-seriousness-criterion
Title: "Seriousness Criterion"
Description: "Why the event is serious. Same value as the seriousness-criteria extension of the HL7 guide for adverse events in clinical research."
* insert Context(AdverseEvent)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTSeriousnessCriterionVS (required)
