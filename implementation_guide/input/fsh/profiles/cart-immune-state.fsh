Profile: CARTImmuneState
Parent: Observation
Id: cart-immune-state
Title: "CAR-T Immune State"
Description: "What is concluded from series of counts and titres: B-cell aplasia, return of B cells, recovery of neutrophils and platelets, vaccine titres kept."
* insert StudyDay
* insert Visit
* insert Category(laboratory)
* code from CARTImmuneStateVS (required)
* value[x] only boolean or dateTime
* insert PatientAndTime
* insert Supported(code, [[Which conclusion]])
* insert Supported(value[x], [[Yes or no; the date of a return or recovery]])
* insert Supported(method, [[The threshold, in words]])
* insert Supported(derivedFrom, [[The counts it rests on]])
* obeys cart-day-1 and cart-obs-1 and cart-imm-1 and cart-imm-2
