Profile: CARTPatient
Parent: Patient
Id: cart-patient
Title: "CAR-T Patient"
Description: "The recipient of CAR-T cells, known by pseudonyms. No name is asked for, and dates may be as coarse as the source has them."
* identifier 1..*
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier ^slicing.description = "Told apart by the system of the identifier"
* identifier contains crid 0..1
* identifier[crid].system = "http://terminology.cibmtr.org/identifier/CRID"
* gender 1..1
* birthDate 1..1
* insert Supported(identifier, [[Pseudonym of the hospital, registry identifiers]])
* insert Supported(identifier.system, [[Who gave the identifier]])
* insert Supported(identifier.value, [[The identifier]])
* insert Supported(identifier[crid], [[CIBMTR Research ID]])
* identifier[crid].system ^short = "Who gave the identifier"
* identifier[crid].value ^short = "The identifier"
* identifier.system 1..1
* identifier.value 1..1
* insert Supported(gender, [[Administrative gender]])
* insert Supported(birthDate, [[Date of birth; a year or a month is enough]])
* insert Supported(deceased[x], [[Whether and when the patient died]])
* insert Supported(managingOrganization, [[Treating centre]])
* obeys cart-pat-1
