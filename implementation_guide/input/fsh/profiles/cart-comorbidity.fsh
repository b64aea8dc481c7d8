Profile: CARTComorbidity
Parent: Condition
Id: cart-comorbidity
Title: "CAR-T Comorbidity"
Description: "A condition beside the autoimmune disease that matters for the treatment, e.g. diabetes after glucocorticoids."
* extension contains http://hl7.org/fhir/StructureDefinition/condition-dueTo named dueTo 0..*
* category 1..*
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category ^slicing.description = "The kind of condition is fixed, other categories may follow"
* category contains kind 1..1
* category[kind] = CARTConditionKindCS#comorbidity
* code 1..1
* code from CARTComorbidityVS (preferred)
* subject only Reference(CARTPatient)
* insert Supported(extension[dueTo], [[What it is due to, e.g. glucocorticoids]])
* insert Supported(category[kind], [[Comorbidity]])
* insert Supported(clinicalStatus, [[Active, resolved ...]])
* insert Supported(code, [[The condition]])
* insert Supported(subject, [[The patient]])
* insert Supported(onset[x], [[When it began]])
