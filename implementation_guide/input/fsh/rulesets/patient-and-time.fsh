RuleSet: PatientAndTime
* subject 1..1
* subject only Reference(CARTPatient)
* effective[x] 1..1
* effective[x] only dateTime or Period
* insert Supported(status, [[Final, amended ...]])
* insert Supported(subject, [[The patient]])
* insert Supported(effective[x], [[When it was observed]])
* insert Supported(dataAbsentReason, [[Why there is no value]])
