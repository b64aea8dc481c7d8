Mapping: LmCibmtr4000ToEpisode
Source: CARTEpisode
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* extension[treatmentSetting] -> "trial" "Setting of the treatment (Q1-25)"
