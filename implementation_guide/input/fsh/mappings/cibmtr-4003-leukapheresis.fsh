Mapping: LmCibmtr4003ToLeukapheresis
Source: CARTLeukapheresis
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4003"
Id: cibmtr-4003
Title: "Cellular therapy product (CIBMTR form 4003)"
* performed[x] -> "collectionDate" "Date of collection (collection)"
* code -> "collectionProcedure" "Procedure of collection (collection)"
