Mapping: LmEbmtMedAToAdverseEvent
Source: CARTAdverseEvent
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-ebmt-med-a"
Id: ebmt-med-a
Title: "Cellular therapies, MED-A (EBMT)"
* date -> "crsOnset" "CRS, onset (CRS)"
* extension[resolveDate] -> "crsResolution" "CRS, resolution (CRS)"
* extension[grade] -> "crsGrade" "CRS, highest ASTCT grade (CRS)"
* date -> "icansOnset" "ICANS, onset (ICANS)"
* extension[resolveDate] -> "icansResolution" "ICANS, resolution (ICANS)"
* extension[grade] -> "icansGrade" "ICANS, highest ASTCT grade (ICANS)"
