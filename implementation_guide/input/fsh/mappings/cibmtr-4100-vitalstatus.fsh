Mapping: LmCibmtr4100ToVitalStatus
Source: CARTVitalStatus
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4100"
Id: cibmtr-4100
Title: "Cellular therapy follow-up (CIBMTR form 4100)"
* value[x] -> "survival" "Survival status (survival)"
* component[causeOfDeath] -> "causeOfDeath" "Cause of death (survival)"
