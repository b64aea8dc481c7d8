Instance: cart-journey
InstanceOf: OperationDefinition
Usage: #definition
Title: "Journey of a Patient"
Description: "The CAR-T journey of one patient in the order of the study days."
* url = "https://w3id.org/cart-fhir/OperationDefinition/cart-journey"
* name = "CARTJourney"
* title = "Journey of a Patient"
* status = #active
* experimental = false
* kind = #operation
* description = "The CAR-T journey of one patient: the patient, the products, and every resource of the record, in the order of the day relative to the infusion. What has no study day stands first."
* affectsState = false
* code = #journey
* resource = #Patient
* system = false
* type = false
* instance = true
* parameter[0].name = #infusion
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #positiveInt
* parameter[=].documentation = "Number of the infusion that is day 0; the first one when left out."
* parameter[+].name = #from-day
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #integer
* parameter[=].documentation = "First study day wanted."
* parameter[+].name = #to-day
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #integer
* parameter[=].documentation = "Last study day wanted."
* parameter[+].name = #return
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Bundle
* parameter[=].documentation = "A searchset of the resources."
