Instance: cart-regimen-r1
InstanceOf: PlanDefinition
Usage: #definition
Title: "Regimen R1"
Description: "Zorpocabtagene autoleucel in paediatric SLE and JDM: lymphodepletion by day and the planned dose of cells."
* url = "https://w3id.org/cart-fhir/PlanDefinition/cart-regimen-r1"
* name = "CARTRegimenR1"
* title = "Regimen R1: Zorpocabtagene autoleucel in paediatric SLE and JDM"
* type = http://terminology.hl7.org/CodeSystem/plan-definition-type#clinical-protocol
* status = #active
* experimental = false
* description = "Zorpocabtagene autoleucel in paediatric SLE and JDM. Doses per square metre and day, as published; the days are counted from the infusion."
* usage = "Children and adolescents with systemic lupus erythematosus or juvenile dermatomyositis."
* relatedArtifact.type = #citation
* relatedArtifact.citation = "Nicolai et al., Arthritis and Rheumatology 2024 (case of juvenile dermatomyositis)"
* relatedArtifact.url = "https://doi.org/10.1002/art.42933"
* action[0].id = "fludarabine-day-5"
* action[0].title = "Fludarabine 30 mg/m2, day -5"
* action[0].code = CARTTreatmentPhaseCS#lymphodepletion
* action[0].relatedAction.actionId = "infusion"
* action[0].relatedAction.relationship = #before-start
* action[0].relatedAction.offsetDuration = 5 'd' "d"
* action[0].definitionCanonical = "https://w3id.org/cart-fhir/ActivityDefinition/cart-fludarabine-30"
* action[1].id = "fludarabine-day-4"
* action[1].title = "Fludarabine 30 mg/m2, day -4"
* action[1].code = CARTTreatmentPhaseCS#lymphodepletion
* action[1].relatedAction.actionId = "infusion"
* action[1].relatedAction.relationship = #before-start
* action[1].relatedAction.offsetDuration = 4 'd' "d"
* action[1].definitionCanonical = "https://w3id.org/cart-fhir/ActivityDefinition/cart-fludarabine-30"
* action[2].id = "fludarabine-day-3"
* action[2].title = "Fludarabine 30 mg/m2, day -3"
* action[2].code = CARTTreatmentPhaseCS#lymphodepletion
* action[2].relatedAction.actionId = "infusion"
* action[2].relatedAction.relationship = #before-start
* action[2].relatedAction.offsetDuration = 3 'd' "d"
* action[2].definitionCanonical = "https://w3id.org/cart-fhir/ActivityDefinition/cart-fludarabine-30"
* action[3].id = "cyclophosphamide-day-4"
* action[3].title = "Cyclophosphamide 500 mg/m2, day -4"
* action[3].code = CARTTreatmentPhaseCS#lymphodepletion
* action[3].relatedAction.actionId = "infusion"
* action[3].relatedAction.relationship = #before-start
* action[3].relatedAction.offsetDuration = 4 'd' "d"
* action[3].definitionCanonical = "https://w3id.org/cart-fhir/ActivityDefinition/cart-cyclophosphamide-500"
* action[4].id = "cyclophosphamide-day-3"
* action[4].title = "Cyclophosphamide 500 mg/m2, day -3"
* action[4].code = CARTTreatmentPhaseCS#lymphodepletion
* action[4].relatedAction.actionId = "infusion"
* action[4].relatedAction.relationship = #before-start
* action[4].relatedAction.offsetDuration = 3 'd' "d"
* action[4].definitionCanonical = "https://w3id.org/cart-fhir/ActivityDefinition/cart-cyclophosphamide-500"
* action[5].id = "infusion"
* action[5].title = "Infusion of 1 x 10*6 CAR+ T cells per kg, day 0"
* action[5].code = CARTProcedureCS#cart-infusion
* action[5].description = "Planned dose 1 x 10*6/kg. Lymphodepletion: fludarabine 90 mg/m2 in all; cyclophosphamide 1000 mg/m2 in all."
