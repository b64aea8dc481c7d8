Mapping: LmCibmtr4003ToProductTest
Source: CARTProductTest
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4003"
Id: cibmtr-4003
Title: "Cellular therapy product (CIBMTR form 4003)"
* value[x] -> "analysis" "Analysis of the product (analysis)"
