Profile: CARTIcahtGrading
Parent: CARTGradingBase
Id: cart-icaht-grading
Title: "ICAHT Grading"
Description: "Haematotoxicity of immune effector cells. For platelets the thresholds and days are checked; for neutrophils the table was not seen in a source that could be cited, and the grade is taken as given."
* code from CARTIcahtVS (required)
* insert ByCode
* component contains phase 0..1 and below100 0..1 and below50 0..1 and below20 0..1
* component[phase].code = CARTToxicityCriterionCS#icaht-phase
* component[phase].value[x] only CodeableConcept
* component[phase].value[x] from CARTIcahtPhaseVS (required)
* component[below100].code = CARTToxicityCriterionCS#days-platelets-below-100
* component[below100].value[x] only Quantity
* component[below100].valueQuantity = $UCUM#d
* component[below50].code = CARTToxicityCriterionCS#days-platelets-below-50
* component[below50].value[x] only Quantity
* component[below50].valueQuantity = $UCUM#d
* component[below20].code = CARTToxicityCriterionCS#days-platelets-below-20
* component[below20].value[x] only Quantity
* component[below20].valueQuantity = $UCUM#d
* insert Supported(component[phase], [[Early (day 0 to 30) or late (day 31 to 100)]])
* insert Supported(component[below100], [[Days with platelets below 100 x 10*9/L (late)]])
* insert Supported(component[below50], [[Days with platelets below 50 x 10*9/L]])
* insert Supported(component[below20], [[Days with platelets below 20 x 10*9/L]])
* obeys cart-icaht-1
