Mapping: LmCibmtr4000ToPerformanceStatus
Source: CARTPerformanceStatus
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* value[x] -> "performance" "Performance status (functional status)"
