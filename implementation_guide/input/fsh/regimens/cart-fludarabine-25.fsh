Instance: cart-fludarabine-25
InstanceOf: ActivityDefinition
Usage: #definition
Title: "Fludarabine 25 mg/m2"
Description: "Fludarabine, 25 mg/m2 of body surface on one day, intravenously, for lymphodepletion."
* url = "https://w3id.org/cart-fhir/ActivityDefinition/cart-fludarabine-25"
* name = "Fludarabine25"
* title = "Fludarabine 25 mg/m2"
* status = #active
* experimental = false
* description = "Fludarabine, 25 mg/m2 of body surface on one day, intravenously, for lymphodepletion."
* kind = #MedicationRequest
* productCodeableConcept.coding[0] = $RXN#24698 "fludarabine"
* productCodeableConcept.coding[+] = $ATC#L01BB05 "fludarabine"
* dosage.route = $SCT#47625008 "Intravenous route"
* dosage.doseAndRate.doseQuantity = 25 'mg/m2' "mg/m2"
