Profile: CARTLymphodepletion
Parent: MedicationAdministration
Id: cart-lymphodepletion
Title: "CAR-T Lymphodepletion"
Description: "One drug on one day of the lymphodepleting chemotherapy before the infusion, with the planned dose per square metre and day and the milligrams that were given."
* insert StudyDay
* extension contains CARTPlannedDose named plannedDose 0..1 and CARTDoseBasis named doseBasis 0..1
* medication[x] only CodeableConcept or Reference(Medication)
* medication[x] from CARTLymphodepletionDrugVS (extensible)
* subject only Reference(CARTPatient)
* reasonCode 1..*
* reasonCode ^slicing.discriminator.type = #value
* reasonCode ^slicing.discriminator.path = "$this"
* reasonCode ^slicing.rules = #open
* reasonCode ^slicing.description = "The phase of treatment is fixed, others may follow"
* reasonCode contains phase 1..1
* reasonCode[phase] = CARTTreatmentPhaseCS#lymphodepletion
* dosage.dose from CARTDrugDoseUnitVS (required)
* dosage.route from CARTRouteVS (extensible)
* insert Supported(extension[plannedDose], [[Dose of the protocol, e.g. 30 mg/m2/d]])
* insert Supported(extension[doseBasis], [[Per square metre, per kilogram or flat]])
* insert Supported(instantiates, [[The regimen (PlanDefinition) it follows]])
* insert Supported(status, [[Completed, not done ...]])
* insert Supported(medication[x], [[The drug: RxNorm and ATC]])
* insert Supported(subject, [[The patient]])
* insert Supported(supportingInformation, [[E.g. the body surface area the dose was calculated from]])
* insert Supported(effective[x], [[The day it was given]])
* insert Supported(reasonCode[phase], [[Lymphodepletion]])
* insert Supported(dosage, [[What was given]])
* insert Supported(dosage.route, [[Route]])
* insert Supported(dosage.dose, [[The amount given, in mg]])
* obeys cart-day-1 and cart-ld-1
