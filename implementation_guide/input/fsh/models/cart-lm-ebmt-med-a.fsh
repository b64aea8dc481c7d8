Logical: CARTLmEbmtMedA
Parent: Element
Id: cart-lm-ebmt-med-a
Title: "Cellular therapies, MED-A (EBMT)"
Description: "Items of the form that a centre has to answer for CAR-T cells, in our own short words; the wording of the form belongs to its owner. Each item says where the guide keeps it."
* day0 0..* date "Date of infusion" "Date of infusion (EBMT MED-A, day 0)"
* visit 0..* code "Day 0, day 100, 6 months, annual" "Day 0, day 100, 6 months, annual (EBMT MED-A, visits)"
* crsOnset 0..* date "CRS, onset" "CRS, onset (EBMT MED-A, CRS)"
* crsResolution 0..* date "CRS, resolution" "CRS, resolution (EBMT MED-A, CRS)"
* crsGrade 0..* CodeableConcept "CRS, highest ASTCT grade" "CRS, highest ASTCT grade (EBMT MED-A, CRS)"
* icansOnset 0..* date "ICANS, onset" "ICANS, onset (EBMT MED-A, ICANS)"
* icansResolution 0..* date "ICANS, resolution" "ICANS, resolution (EBMT MED-A, ICANS)"
* icansGrade 0..* CodeableConcept "ICANS, highest ASTCT grade" "ICANS, highest ASTCT grade (EBMT MED-A, ICANS)"
* commercial 0..* CodeableConcept "Commercial or investigational" "Commercial or investigational (EBMT MED-A, product)"
* longTerm 0..* Quantity "Follow-up to fifteen years" "Follow-up to fifteen years (EBMT MED-A, follow-up)"
