Profile: CARTOrganInvolvement
Parent: Condition
Id: cart-organ-involvement
Title: "CAR-T Organ Involvement"
Description: "An organ that the autoimmune disease has reached, or damage by the disease or by its treatment: SLEDAI-2K does not see all of them."
* extension contains http://hl7.org/fhir/StructureDefinition/condition-dueTo named dueTo 0..* and CARTOrganDomain named organDomain 0..1
* category 1..*
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category ^slicing.description = "The kind of condition is fixed, other categories may follow"
* category contains kind 1..1
* category[kind] = CARTConditionKindCS#organ-involvement
* code 1..1
* code from CARTOrganInvolvementVS (extensible)
* subject only Reference(CARTPatient)
* insert Supported(extension[dueTo], [[The disease or treatment it is due to]])
* insert Supported(extension[organDomain], [[The organ system]])
* insert Supported(category[kind], [[Organ involvement]])
* insert Supported(clinicalStatus, [[Active, resolved ...]])
* insert Supported(verificationStatus, [[Confirmed, provisional ...]])
* insert Supported(code, [[What the organ suffers from]])
* insert Supported(bodySite, [[Where]])
* insert Supported(subject, [[The patient]])
* insert Supported(onset[x], [[When it began]])
* insert Supported(abatement[x], [[When it ended]])
