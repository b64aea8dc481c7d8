Profile: CARTIecHsGrading
Parent: CARTGradingBase
Id: cart-iec-hs-grading
Title: "IEC-HS Grading"
Description: "Haemophagocytic lymphohistiocytosis-like syndrome after immune effector cells. The table of grades was not seen in a source that could be cited: the grade is taken as the clinician gives it, the findings stand in derivedFrom. HLH-2004 criteria are no substitute."
* code = CARTAeGradingSystemCS#iec-hs-grade
