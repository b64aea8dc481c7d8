Mapping: LmCibmtr4100ToAdverseEvent
Source: CARTAdverseEvent
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4100"
Id: cibmtr-4100
Title: "Cellular therapy follow-up (CIBMTR form 4100)"
* event -> "newMalignancy" "New malignancy (malignancy)"
* date -> "crsDate" "CRS, date (Q89)"
* extension[grade] -> "crsGrade" "CRS, maximal grade (CRS)"
* extension[mitigatingAction] -> "crsTherapy" "CRS, therapy (CRS)"
* event -> "infection" "Infection (infection)"
