Mapping: LmCibmtr4000ToComorbidity
Source: CARTComorbidity
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* code -> "comorbidity" "Comorbidity (comorbidity)"
