Instance: cart-cyclophosphamide-300
InstanceOf: ActivityDefinition
Usage: #definition
Title: "Cyclophosphamide 300 mg/m2"
Description: "Cyclophosphamide, 300 mg/m2 of body surface on one day, intravenously, for lymphodepletion."
* url = "https://w3id.org/cart-fhir/ActivityDefinition/cart-cyclophosphamide-300"
* name = "Cyclophosphamide300"
* title = "Cyclophosphamide 300 mg/m2"
* status = #active
* experimental = false
* description = "Cyclophosphamide, 300 mg/m2 of body surface on one day, intravenously, for lymphodepletion."
* kind = #MedicationRequest
* productCodeableConcept.coding[0] = $RXN#3002 "cyclophosphamide"
* productCodeableConcept.coding[+] = $ATC#L01AA01 "cyclophosphamide"
* dosage.route = $SCT#47625008 "Intravenous route"
* dosage.doseAndRate.doseQuantity = 300 'mg/m2' "mg/m2"
