Extension: CARTInfusionNumber
Id: cart-infusion-number
Title: "Infusion Number"
Description: "Which CAR-T infusion of this patient this is, counted from 1 over all products."
* insert Context(MedicationAdministration)
* value[x] 1..1
* value[x] only positiveInt
