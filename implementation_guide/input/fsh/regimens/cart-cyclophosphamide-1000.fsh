Instance: cart-cyclophosphamide-1000
InstanceOf: ActivityDefinition
Usage: #definition
Title: "Cyclophosphamide 1000 mg/m2"
Description: "Cyclophosphamide, 1000 mg/m2 of body surface on one day, intravenously, for lymphodepletion."
* url = "https://w3id.org/cart-fhir/ActivityDefinition/cart-cyclophosphamide-1000"
* name = "Cyclophosphamide1000"
* title = "Cyclophosphamide 1000 mg/m2"
* status = #active
* experimental = false
* description = "Cyclophosphamide, 1000 mg/m2 of body surface on one day, intravenously, for lymphodepletion."
* kind = #MedicationRequest
* productCodeableConcept.coding[0] = $RXN#3002 "cyclophosphamide"
* productCodeableConcept.coding[+] = $ATC#L01AA01 "cyclophosphamide"
* dosage.route = $SCT#47625008 "Intravenous route"
* dosage.doseAndRate.doseQuantity = 1000 'mg/m2' "mg/m2"
