Mapping: LmCibmtr4100ToFollowUp
Source: CARTFollowUp
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4100"
Id: cibmtr-4100
Title: "Cellular therapy follow-up (CIBMTR form 4100)"
* effective[x] -> "lastContact" "Date of last contact (survival)"
