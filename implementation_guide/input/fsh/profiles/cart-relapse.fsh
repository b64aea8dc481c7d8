Profile: CARTRelapse
Parent: Observation
Id: cart-relapse
Title: "CAR-T Relapse"
Description: "Whether and when the disease came back; the condition itself then has the clinical status relapse. A local toxicity (LICATS) is not a relapse."
* insert StudyDay
* insert Visit
* insert Category(exam)
* code = CARTOutcomeCS#relapse
* value[x] only boolean
* insert ByCode
* component contains timeToRelapse 0..1
* component[timeToRelapse].code = CARTOutcomeCS#time-to-relapse
* component[timeToRelapse].value[x] only Quantity
* component[timeToRelapse].valueQuantity = $UCUM#mo
* insert PatientAndTime
* insert Supported(code, [[Relapse]])
* insert Supported(focus, [[The disease]])
* insert Supported(value[x], [[Whether it came back]])
* insert Supported(component[timeToRelapse], [[Months from the infusion]])
* obeys cart-day-1 and cart-obs-1
