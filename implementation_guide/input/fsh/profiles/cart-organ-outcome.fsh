Profile: CARTOrganOutcome
Parent: Observation
Id: cart-organ-outcome
Title: "CAR-T Organ Outcome"
Description: "What became of an organ involvement."
* insert StudyDay
* insert Visit
* insert Category(exam)
* code = CARTOutcomeCS#organ-outcome
* focus 1..*
* value[x] only CodeableConcept
* value[x] from CARTOrganOutcomeVS (extensible)
* insert PatientAndTime
* insert Supported(code, [[Organ outcome]])
* insert Supported(focus, [[The organ involvement]])
* insert Supported(value[x], [[Resolved, improved, stabilised ...]])
* insert Supported(derivedFrom, [[What it rests on]])
* obeys cart-day-1 and cart-obs-1
