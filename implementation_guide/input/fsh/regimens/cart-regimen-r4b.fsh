Instance: cart-regimen-r4b
InstanceOf: PlanDefinition
Usage: #definition
Title: "Regimen R4b"
Description: "CD19 CAR-T cells in autoimmune haemolytic anaemia, phase I, dose level 1: lymphodepletion by day and the planned dose of cells."
* url = "https://w3id.org/cart-fhir/PlanDefinition/cart-regimen-r4b"
* name = "CARTRegimenR4b"
* title = "Regimen R4b: CD19 CAR-T cells in autoimmune haemolytic anaemia, phase I, dose level 1"
* type = http://terminology.hl7.org/CodeSystem/plan-definition-type#clinical-protocol
* status = #active
* experimental = false
* description = "CD19 CAR-T cells in autoimmune haemolytic anaemia, phase I, dose level 1. Doses per square metre and day, as published; the days are counted from the infusion."
* usage = "Patients with autoimmune haemolytic anaemia."
* relatedArtifact.type = #citation
* relatedArtifact.citation = "Li et al., Blood 2024;144 Suppl 1:682; NCT06231368"
* action[0].id = "fludarabine-day-5"
* action[0].title = "Fludarabine 25 mg/m2, day -5"
* action[0].code = CARTTreatmentPhaseCS#lymphodepletion
* action[0].relatedAction.actionId = "infusion"
* action[0].relatedAction.relationship = #before-start
* action[0].relatedAction.offsetDuration = 5 'd' "d"
* action[0].definitionCanonical = "https://w3id.org/cart-fhir/ActivityDefinition/cart-fludarabine-25"
* action[1].id = "fludarabine-day-4"
* action[1].title = "Fludarabine 25 mg/m2, day -4"
* action[1].code = CARTTreatmentPhaseCS#lymphodepletion
* action[1].relatedAction.actionId = "infusion"
* action[1].relatedAction.relationship = #before-start
* action[1].relatedAction.offsetDuration = 4 'd' "d"
* action[1].definitionCanonical = "https://w3id.org/cart-fhir/ActivityDefinition/cart-fludarabine-25"
* action[2].id = "fludarabine-day-3"
* action[2].title = "Fludarabine 25 mg/m2, day -3"
* action[2].code = CARTTreatmentPhaseCS#lymphodepletion
* action[2].relatedAction.actionId = "infusion"
* action[2].relatedAction.relationship = #before-start
* action[2].relatedAction.offsetDuration = 3 'd' "d"
* action[2].definitionCanonical = "https://w3id.org/cart-fhir/ActivityDefinition/cart-fludarabine-25"
* action[3].id = "cyclophosphamide-day-3"
* action[3].title = "Cyclophosphamide 1000 mg/m2, day -3"
* action[3].code = CARTTreatmentPhaseCS#lymphodepletion
* action[3].relatedAction.actionId = "infusion"
* action[3].relatedAction.relationship = #before-start
* action[3].relatedAction.offsetDuration = 3 'd' "d"
* action[3].definitionCanonical = "https://w3id.org/cart-fhir/ActivityDefinition/cart-cyclophosphamide-1000"
* action[4].id = "infusion"
* action[4].title = "Infusion of 0.5 x 10*6 CAR+ T cells per kg, day 0"
* action[4].code = CARTProcedureCS#cart-infusion
* action[4].description = "Planned dose 0.5 x 10*6/kg. Lymphodepletion: fludarabine 75 mg/m2 in all; cyclophosphamide 1000 mg/m2 in all."
