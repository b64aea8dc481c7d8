Mapping: LmCibmtr4006ToSupportiveAdministration
Source: CARTSupportiveAdministration
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4006"
Id: cibmtr-4006
Title: "Cellular therapy infusion (CIBMTR form 4006)"
* medication[x] -> "concomitant" "Concomitant therapy (concomitant)"
