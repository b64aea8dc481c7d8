Profile: CARTFollowUp
Parent: Observation
Id: cart-follow-up
Title: "CAR-T Follow-up"
Description: "How long the patient has been followed since the infusion; the effective date is the last contact. Gene-modified cells are followed for fifteen years."
* insert StudyDay
* insert Visit
* insert Category(exam)
* code = CARTOutcomeCS#follow-up-duration
* value[x] only Quantity
* valueQuantity = $UCUM#mo
* insert PatientAndTime
* insert Supported(code, [[Duration of follow-up]])
* insert Supported(value[x], [[Months from the infusion]])
* obeys cart-day-1 and cart-obs-1 and cart-fu-1
