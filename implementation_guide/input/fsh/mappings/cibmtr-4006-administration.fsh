Mapping: LmCibmtr4006ToAdministration
Source: CARTAdministration
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4006"
Id: cibmtr-4006
Title: "Cellular therapy infusion (CIBMTR form 4006)"
* effective[x] -> "infusionDate" "Date of infusion (infusion)"
* extension[infusionNumber] -> "infusionNumber" "Number of the infusion (infusion)"
* extension[subsequentInfusionReason] -> "reasonSubsequent" "Reason for a subsequent infusion (infusion)"
* extension[volumeComplete] -> "wholeVolume" "Entire volume infused (infusion)"
* dosage.route -> "route" "Route (infusion)"
* dosage.dose -> "cells" "Cells infused (dose)"
