Profile: CARTVitalStatus
Parent: Observation
Id: cart-vital-status
Title: "CAR-T Vital Status"
Description: "Alive, dead or lost to follow-up at a date; the cause of a death. The patient then carries the date of death."
* insert StudyDay
* insert Visit
* insert Category(exam)
* code = $NCIT#C25717
* value[x] only CodeableConcept
* value[x] from CARTVitalStatusVS (required)
* insert ByCode
* component contains causeOfDeath 0..1
* component[causeOfDeath].code = CARTOutcomeCS#cause-of-death
* component[causeOfDeath].value[x] only CodeableConcept
* insert PatientAndTime
* insert Supported(code, [[Vital status]])
* insert Supported(value[x], [[Alive, dead, lost to follow-up]])
* insert Supported(component[causeOfDeath], [[Cause of death]])
* obeys cart-day-1 and cart-obs-1 and cart-vit-1
