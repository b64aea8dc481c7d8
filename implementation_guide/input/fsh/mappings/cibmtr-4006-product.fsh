Mapping: LmCibmtr4006ToProduct
Source: CARTProduct
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4006"
Id: cibmtr-4006
Title: "Cellular therapy infusion (CIBMTR form 4006)"
* identifier[lot] -> "lot" "Batch or lot (product)"
* identifier[chainOfIdentity] -> "chainOfIdentity" "Chain of identity (product)"
