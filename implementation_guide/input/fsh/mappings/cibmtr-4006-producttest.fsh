Mapping: LmCibmtr4006ToProductTest
Source: CARTProductTest
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4006"
Id: cibmtr-4006
Title: "Cellular therapy infusion (CIBMTR form 4006)"
* value[x] -> "cellsByType" "Cells by type (dose)"
