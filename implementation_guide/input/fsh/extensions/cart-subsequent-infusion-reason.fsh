Extension: CARTSubsequentInfusionReason
Id: cart-subsequent-infusion-reason
Title: "Reason for a Subsequent Infusion"
Description: "Why a further infusion was given."
* insert Context(MedicationAdministration)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTSubsequentInfusionReasonVS (extensible)
