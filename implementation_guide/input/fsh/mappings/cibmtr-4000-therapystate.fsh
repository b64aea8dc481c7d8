Mapping: LmCibmtr4000ToTherapyState
Source: CARTTherapyState
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* value[x] -> "bridging" "Bridging therapy given (Q86-91)"
