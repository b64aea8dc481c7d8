Extension: CARTPlannedDose
Id: cart-planned-dose
Title: "Planned Dose"
Description: "Dose as the protocol states it (per kilogram, per square metre, per day, or flat). The dose that was given stands in dosage.dose. A dose of one million cells per kilogram is value 1 with code 10*6/kg."
* insert Context(MedicationAdministration)
* value[x] 1..1
* value[x] only Quantity
* value[x] from CARTPlannedDoseUnitVS (required)
* valueQuantity.value 1..1
* valueQuantity.system 1..1
* valueQuantity.code 1..1
