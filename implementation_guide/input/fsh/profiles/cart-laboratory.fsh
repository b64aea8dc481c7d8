Profile: CARTLaboratory
Parent: Observation
Id: cart-laboratory
Title: "CAR-T Laboratory Result"
Description: "A laboratory result of the journey: blood counts, chemistry, complement, autoantibodies, B cells, immunoglobulins, inflammation, vaccine titres."
* insert StudyDay
* insert Visit
* insert Category(laboratory)
* code from CARTLaboratoryVS (extensible)
* subject 1..1
* subject only Reference(CARTPatient)
* effective[x] 1..1
* effective[x] only dateTime or Period
* valueCodeableConcept from CARTQualitativeResultVS (preferred)
* insert Supported(valueCodeableConcept, [[A result or state as a code]])
* insert Supported(status, [[Final, amended ...]])
* insert Supported(code, [[What was measured (LOINC)]])
* insert Supported(subject, [[The patient]])
* insert Supported(effective[x], [[When the specimen was taken]])
* insert Supported(value[x], [[The result; quantities in UCUM]])
* insert Supported(dataAbsentReason, [[Why there is no result]])
* insert Supported(interpretation, [[High, low, normal]])
* insert Supported(method, [[How it was measured, where it matters]])
* insert Supported(specimen, [[What it was measured in]])
* insert Supported(referenceRange, [[Range of the laboratory]])
* obeys cart-day-1 and cart-obs-1 and cart-obs-2
