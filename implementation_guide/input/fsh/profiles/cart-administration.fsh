Profile: CARTAdministration
Parent: MedicationAdministration
Id: cart-administration
Title: "CAR-T Administration"
Description: "The infusion of the CAR-T cells: day 0 of the journey. It names the product record, the planned dose and the dose that was given."
* insert StudyDay
* extension contains CARTPlannedDose named plannedDose 0..1 and CARTDoseBasis named doseBasis 0..1 and CARTInfusionNumber named infusionNumber 0..1 and CARTVolumeComplete named volumeComplete 0..1 and CARTSubsequentInfusionReason named subsequentInfusionReason 0..1
* medication[x] from CARTProductVS (extensible)
* medication[x] only CodeableConcept or Reference(CARTMedication)
* subject only Reference(CARTPatient)
* supportingInformation 1..*
* supportingInformation ^slicing.discriminator.type = #value
* supportingInformation ^slicing.discriminator.path = "type"
* supportingInformation ^slicing.rules = #open
* supportingInformation ^slicing.description = "The product is told by Reference.type, so that nothing need be resolved"
* supportingInformation contains product 1..*
* supportingInformation[product] only Reference(CARTProduct)
* supportingInformation[product].type 1..1
* supportingInformation[product].type = "BiologicallyDerivedProduct"
* dosage.dose from CARTCellDoseUnitVS (required)
* dosage.route from CARTRouteVS (extensible)
* insert Supported(extension[plannedDose], [[Dose of the protocol, e.g. 1 x 10*6/kg or 100 x 10*6 flat]])
* insert Supported(extension[doseBasis], [[Per kilogram, per square metre or flat]])
* insert Supported(extension[infusionNumber], [[First, second ... infusion]])
* insert Supported(extension[volumeComplete], [[Whether the whole volume was infused]])
* insert Supported(extension[subsequentInfusionReason], [[Why a further infusion was given]])
* insert Supported(partOf, [[The infusion procedure]])
* insert Supported(status, [[Completed, stopped ...]])
* insert Supported(medication[x], [[The product, as a code or as its Medication twin]])
* insert Supported(subject, [[The patient]])
* insert Supported(supportingInformation[product], [[The product record]])
// A further reference to the body weight (type Observation) lets the dose be checked.
* insert Supported(effective[x], [[When it was infused: day 0]])
* insert Supported(performer, [[The centre or person who infused]])
* insert Supported(reasonReference, [[The autoimmune disease]])
* insert Supported(dosage, [[What was given]])
* insert Supported(dosage.route, [[Route]])
* insert Supported(dosage.dose, [[CAR+ cells given, in total]])
* obeys cart-day-1 and cart-adm-1 and cart-adm-2 and cart-adm-3 and cart-adm-4
