Mapping: LmEbmtMedAToEpisode
Source: CARTEpisode
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-ebmt-med-a"
Id: ebmt-med-a
Title: "Cellular therapies, MED-A (EBMT)"
* extension[treatmentSetting] -> "commercial" "Commercial or investigational (product)"
