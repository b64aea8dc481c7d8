Mapping: LmCibmtr4000ToLaboratory
Source: CARTLaboratory
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* value[x] -> "bloodCounts" "Haematologic findings (Q99-102)"
