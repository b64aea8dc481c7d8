Profile: CARTDiseaseActivity
Parent: Observation
Id: cart-disease-activity
Title: "CAR-T Disease Activity"
Description: "One assessment with an instrument of disease activity or damage: the total, and the items where they are known. Profiles for single instruments derive from this one. Item wording is not shipped; it belongs to the authors of the instruments."
* insert StudyDay
* insert Visit
* insert Category(survey)
* code from CARTDiseaseActivityVS (extensible)
* subject 1..1
* subject only Reference(CARTPatient)
* effective[x] 1..1
* effective[x] only dateTime or Period
* method from CARTAssessmentMethodVS (extensible)
* insert Supported(status, [[Final, amended ...]])
* insert Supported(code, [[The instrument]])
* insert Supported(subject, [[The patient]])
* insert Supported(effective[x], [[When it was assessed]])
* insert Supported(value[x], [[The total]])
* insert Supported(dataAbsentReason, [[Why there is no total]])
* insert Supported(method, [[The variant of the instrument: window, scale]])
* insert Supported(component, [[The items]])
* insert Supported(component.code, [[The item]])
* insert Supported(component.value[x], [[Its value]])
* insert Supported(component.dataAbsentReason, [[Why the item has no value]])
* insert Supported(derivedFrom, [[Findings the score was derived from]])
* obeys cart-day-1 and cart-obs-1
