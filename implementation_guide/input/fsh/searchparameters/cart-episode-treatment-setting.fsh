Instance: cart-episode-treatment-setting
InstanceOf: SearchParameter
Usage: #definition
Title: "EpisodeOfCare treatment-setting"
Description: "Trial, hospital exemption, compassionate use, commercial."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-episode-treatment-setting"
* name = "CARTEpisodeTreatmentSetting"
* status = #active
* experimental = false
* description = "Trial, hospital exemption, compassionate use, commercial."
* code = #treatment-setting
* base = #EpisodeOfCare
* type = #token
* expression = "EpisodeOfCare.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-treatment-setting').value"
* xpathUsage = #normal
