Extension: CARTDoseBasis
Id: cart-dose-basis
Title: "Dose Basis"
Description: "What the planned dose was calculated from: body weight, body surface area, or nothing (flat dose)."
* insert Context(MedicationAdministration)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTDoseBasisVS (required)
