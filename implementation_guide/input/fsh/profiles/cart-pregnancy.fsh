Profile: CARTPregnancy
Parent: Observation
Id: cart-pregnancy
Title: "CAR-T Pregnancy and Fertility"
Description: "Pregnancy of the patient or of the partner after the infusion, and its outcome."
* insert StudyDay
* insert Visit
* insert Category(social-history)
* code from CARTPregnancyVS (required)
* value[x] only CodeableConcept
* value[x] from CARTPregnancyAnswerVS (extensible)
* insert PatientAndTime
* insert Supported(code, [[Pregnancy, of whom, or its outcome]])
* insert Supported(value[x], [[The answer]])
* obeys cart-day-1 and cart-obs-1
