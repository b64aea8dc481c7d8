Instance: cart-fludarabine-30
InstanceOf: ActivityDefinition
Usage: #definition
Title: "Fludarabine 30 mg/m2"
Description: "Fludarabine, 30 mg/m2 of body surface on one day, intravenously, for lymphodepletion."
* url = "https://w3id.org/cart-fhir/ActivityDefinition/cart-fludarabine-30"
* name = "Fludarabine30"
* title = "Fludarabine 30 mg/m2"
* status = #active
* experimental = false
* description = "Fludarabine, 30 mg/m2 of body surface on one day, intravenously, for lymphodepletion."
* kind = #MedicationRequest
* productCodeableConcept.coding[0] = $RXN#24698 "fludarabine"
* productCodeableConcept.coding[+] = $ATC#L01BB05 "fludarabine"
* dosage.route = $SCT#47625008 "Intravenous route"
* dosage.doseAndRate.doseQuantity = 30 'mg/m2' "mg/m2"
