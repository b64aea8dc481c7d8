Profile: CARTSupportiveAdministration
Parent: MedicationAdministration
Id: cart-supportive-administration
Title: "CAR-T Supportive Administration"
Description: "A drug around the infusion: bridging, premedication, prophylaxis of infection, management of a toxicity, replacement of immunoglobulins."
* insert StudyDay
* medication[x] only CodeableConcept or Reference(Medication)
* medication[x] from CARTSupportiveDrugVS (extensible)
* subject only Reference(CARTPatient)
* reasonCode 1..*
* reasonCode ^slicing.discriminator.type = #value
* reasonCode ^slicing.discriminator.path = "$this"
* reasonCode ^slicing.rules = #open
* reasonCode ^slicing.description = "The purpose comes from the list of phases, others may follow"
* reasonCode contains phase 1..1
* reasonCode[phase] from CARTSupportivePhaseVS (required)
* dosage.dose from CARTSupportiveDoseUnitVS (extensible)
* dosage.route from CARTRouteVS (extensible)
* insert Supported(status, [[Completed, not done ...]])
* insert Supported(medication[x], [[The drug: RxNorm and ATC]])
* insert Supported(subject, [[The patient]])
* insert Supported(effective[x], [[When it was given]])
* insert Supported(reasonCode[phase], [[What it was given for]])
* insert Supported(reasonReference, [[The condition or the grading it was given for]])
* insert Supported(dosage, [[What was given]])
* insert Supported(dosage.dose, [[The amount]])
* obeys cart-day-1
