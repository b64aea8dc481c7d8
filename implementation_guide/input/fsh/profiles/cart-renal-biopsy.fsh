Profile: CARTRenalBiopsy
Parent: Observation
Id: cart-renal-biopsy
Title: "CAR-T Renal Biopsy"
Description: "Class of lupus nephritis on biopsy, with the indices of activity and chronicity. The class is repeated as stage of the condition."
* insert StudyDay
* insert Visit
* insert Category(laboratory)
* code = CARTOutcomeCS#renal-biopsy
* value[x] only CodeableConcept
* value[x] from CARTLupusNephritisClassVS (extensible)
* insert ByCode
* component contains activity 0..1 and chronicity 0..1
* component[activity].code = CARTOutcomeCS#nih-activity-index
* component[activity].value[x] only Quantity
* component[activity].valueQuantity = $UCUM#{score}
* component[chronicity].code = CARTOutcomeCS#nih-chronicity-index
* component[chronicity].value[x] only Quantity
* component[chronicity].valueQuantity = $UCUM#{score}
* insert PatientAndTime
* insert Supported(code, [[Renal biopsy]])
* insert Supported(focus, [[The lupus nephritis]])
* insert Supported(value[x], [[ISN/RPS class; a mixed class has two codings]])
* insert Supported(component[activity], [[Activity index, 0 to 24]])
* insert Supported(component[chronicity], [[Chronicity index, 0 to 12]])
* obeys cart-day-1 and cart-obs-1 and cart-bx-1
