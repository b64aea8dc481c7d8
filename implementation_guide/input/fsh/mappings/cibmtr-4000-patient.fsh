Mapping: LmCibmtr4000ToPatient
Source: CARTPatient
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* identifier -> "recipient" "Recipient (Q1-25)"
* birthDate -> "birthDate" "Date of birth (Q1-25)"
* gender -> "sex" "Sex (Q1-25)"
