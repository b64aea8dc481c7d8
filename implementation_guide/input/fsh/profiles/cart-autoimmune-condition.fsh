Profile: CARTAutoimmuneCondition
Parent: Condition
Id: cart-autoimmune-condition
Title: "CAR-T Autoimmune Condition"
Description: "The autoimmune disease that CAR-T cells are given for, or a further autoimmune disease of the same patient."
* extension contains http://hl7.org/fhir/StructureDefinition/condition-dueTo named dueTo 0..* and CARTClassificationCriteria named classificationCriteria 0..*
* code 1..1
* code from CARTAutoimmuneDiseaseVS (extensible)
* subject only Reference(CARTPatient)
* stage.summary from CARTLupusNephritisClassVS (example)
* stage.type from CARTStageTypeVS (extensible)
* insert Supported(extension[dueTo], [[The disease this one is due to, e.g. immune thrombocytopenia due to lupus]])
* insert Supported(extension[classificationCriteria], [[Criteria by which the disease was classified]])
* insert Supported(clinicalStatus, [[Active, remission, relapse ...]])
* insert Supported(verificationStatus, [[Confirmed, provisional ...]])
* insert Supported(code, [[The disease; SNOMED CT, with ORPHA or ICD beside it where known]])
* insert Supported(bodySite, [[Where, when the disease is of one organ]])
* insert Supported(subject, [[The patient]])
* insert Supported(onset[x], [[When it began, as a date or an age]])
* insert Supported(stage, [[Stage or class, e.g. the ISN/RPS class of lupus nephritis; repeated for mixed classes]])
* insert Supported(stage.summary, [[The class]])
* insert Supported(stage.type, [[The classification the class belongs to]])
* insert Supported(evidence, [[What the diagnosis rests on]])
