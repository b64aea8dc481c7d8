Mapping: LmCibmtr4000ToSupportiveAdministration
Source: CARTSupportiveAdministration
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* medication[x] -> "bridgingDrug" "Bridging drug (Q86-91)"
