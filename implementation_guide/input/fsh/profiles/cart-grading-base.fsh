Profile: CARTGradingBase
Parent: Observation
Id: cart-grading-base
Title: "CAR-T Toxicity Grading"
Description: "One grading of a toxicity at one time, with the criteria that were seen. The adverse event carries the highest grade of the series."
* insert StudyDay
* insert Visit
* insert Category(survey)
* code from CARTAeGradingSystemVS (required)
* subject 1..1
* subject only Reference(CARTPatient)
* effective[x] 1..1
* effective[x] only dateTime or Period
* value[x] only CodeableConcept
* value[x] from CARTGradeVS (required)
* insert Supported(status, [[Final, amended ...]])
* insert Supported(code, [[The grading system]])
* insert Supported(subject, [[The patient]])
* insert Supported(effective[x], [[When it was graded]])
* insert Supported(value[x], [[The grade: 0 assessed and absent, 1 to 4, 5 death]])
* insert Supported(dataAbsentReason, [[Why it was not graded]])
* insert Supported(component, [[The criteria]])
* insert Supported(derivedFrom, [[Findings the grade rests on]])
* obeys cart-day-1 and cart-obs-1 and cart-item-1
