ValueSet: CARTTreatmentPhaseVS
Id: cart-treatment-phase-vs
Title: "Treatment Phase"
Description: "Purpose of a drug in the journey."
* insert Codes
* include codes from system CARTTreatmentPhaseCS
