Profile: CARTPriorImmunosuppression
Parent: MedicationStatement
Id: cart-prior-immunosuppression
Title: "CAR-T Prior Immunosuppression"
Description: "A drug, or a class of drugs, that the patient had for the autoimmune disease before CAR-T cells; or the statement that the patient never had it. A class (for example: JAK inhibitors) stays a class and is never turned into one molecule."
* extension contains CARTLineNumber named lineNumber 0..1
* medication[x] only CodeableConcept or Reference(Medication)
* medication[x] from CARTImmunosuppressantVS (extensible)
* subject only Reference(CARTPatient)
* statusReason from CARTStopReasonVS (extensible)
* insert Supported(extension[lineNumber], [[Line of therapy]])
* insert Supported(status, [[Completed or stopped; not-taken for never]])
* insert Supported(statusReason, [[Why it was stopped, e.g. washout before lymphodepletion]])
* insert Supported(medication[x], [[The drug (RxNorm and ATC) or the ATC class]])
* insert Supported(subject, [[The patient]])
* insert Supported(effective[x], [[From when to when, as far as known; never invented]])
* insert Supported(reasonReference, [[The disease it was given for]])
* insert Supported(dosage, [[Dose, where known]])
* obeys cart-prior-1
