Mapping: LmCibmtr4000ToLymphodepletion
Source: CARTLymphodepletion
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* medication[x] -> "lymphodepletionDrug" "Lymphodepletion drug (Q92-98)"
* dosage.dose -> "lymphodepletionDose" "Lymphodepletion dose (Q92-98)"
* effective[x] -> "lymphodepletionDate" "Lymphodepletion date (Q92-98)"
