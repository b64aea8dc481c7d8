Profile: CARTResponse
Parent: Observation
Id: cart-response
Title: "CAR-T Response Assessment"
Description: "How the autoimmune disease responded, by stated criteria, at one time after the infusion."
* insert StudyDay
* insert Visit
* insert Category(survey)
* code = CARTOutcomeCS#response-assessment
* subject 1..1
* subject only Reference(CARTPatient)
* effective[x] 1..1
* effective[x] only dateTime or Period
* value[x] only CodeableConcept
* value[x] from CARTResponseVS (extensible)
* method from CARTResponseCriteriaVS (extensible)
* insert Supported(status, [[Final, amended ...]])
* insert Supported(code, [[Response assessment]])
* insert Supported(subject, [[The patient]])
* insert Supported(focus, [[The disease]])
* insert Supported(effective[x], [[When it was assessed]])
* insert Supported(value[x], [[The response]])
* insert Supported(dataAbsentReason, [[Why it was not assessed]])
* insert Supported(method, [[The criteria]])
* insert Supported(derivedFrom, [[Scores and results it rests on]])
* obeys cart-day-1 and cart-obs-1
