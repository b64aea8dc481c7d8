Profile: CARTLicatsGrading
Parent: CARTGradingBase
Id: cart-licats-grading
Title: "LICATS Grading"
Description: "Local toxicity of immune effector cells in autoimmune disease: an organ, mostly one that the disease had reached before, becomes inflamed while the cells expand. Severity 1 (resolves by itself) to 4 (intensive care). It is not a relapse."
* code = CARTAeGradingSystemCS#licats-severity
* insert ByCode
* component contains organ 0..1 and onset 0..1 and previouslyAffected 0..1
* component[organ].code = CARTToxicityCriterionCS#licats-organ
* component[organ].value[x] only CodeableConcept
* component[organ].value[x] from CARTLicatsOrganVS (required)
* component[onset].code = CARTToxicityCriterionCS#licats-onset
* component[onset].value[x] only CodeableConcept
* component[onset].value[x] from CARTLicatsOnsetVS (required)
* component[previouslyAffected].code = CARTToxicityCriterionCS#organ-previously-affected
* component[previouslyAffected].value[x] only boolean
* insert Supported(component[organ], [[The organ]])
* insert Supported(component[onset], [[Early, intermediate or late]])
* insert Supported(component[previouslyAffected], [[Whether the disease had reached this organ before]])
* obeys cart-licats-1
