Extension: CARTMitigatingAction
Id: cart-mitigating-action
Title: "Mitigating Action"
Description: "What was done about the event: an action as a code, or the administration or procedure itself."
* insert Context(AdverseEvent)
* value[x] 1..1
* value[x] only CodeableConcept or Reference(MedicationAdministration or Procedure)
* valueCodeableConcept from CARTMitigatingActionVS (extensible)
