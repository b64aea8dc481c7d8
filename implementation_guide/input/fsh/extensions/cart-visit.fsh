Extension: CARTVisit
Id: cart-visit
Title: "Visit"
Description: "Planned visit to which a finding belongs; the exact day is in the study day."
* insert Context(Observation)
* insert Context(AdverseEvent)
* insert Context(DiagnosticReport)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTVisitVS (extensible)
