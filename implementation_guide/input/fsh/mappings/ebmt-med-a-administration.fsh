Mapping: LmEbmtMedAToAdministration
Source: CARTAdministration
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-ebmt-med-a"
Id: ebmt-med-a
Title: "Cellular therapies, MED-A (EBMT)"
* effective[x] -> "day0" "Date of infusion (day 0)"
