Mapping: LmCibmtr4000ToPriorProcedure
Source: CARTPriorProcedure
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* code -> "priorProcedure" "Prior procedure (Q26-45)"
