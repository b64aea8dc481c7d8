Mapping: LmCibmtr4100ToKinetics
Source: CARTKinetics
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4100"
Id: cibmtr-4100
Title: "Cellular therapy follow-up (CIBMTR form 4100)"
* value[x] -> "persistence" "Persistence of the cells (persistence)"
* method -> "persistenceMethod" "Method: molecular, flow, IHC (persistence)"
