Mapping: LmCibmtr4100ToImmuneState
Source: CARTImmuneState
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4100"
Id: cibmtr-4100
Title: "Cellular therapy follow-up (CIBMTR form 4100)"
* value[x] -> "recovery" "Recovery of counts (recovery)"
* code -> "bCells" "B-cell monitoring (B cells)"
