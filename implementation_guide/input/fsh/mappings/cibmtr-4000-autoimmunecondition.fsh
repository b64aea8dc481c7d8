Mapping: LmCibmtr4000ToAutoimmuneCondition
Source: CARTAutoimmuneCondition
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* code -> "indication" "Indication (Q66-85)"
* onset[x] -> "diagnosisDate" "Date of diagnosis (Q66-85)"
