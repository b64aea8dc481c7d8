Profile: CARTAdverseEvent
Parent: AdverseEvent
Id: cart-adverse-event
Title: "CAR-T Adverse Event"
Description: "An unwanted event of the journey, from onset to resolution, with its highest grade. The daily grading stands in grading Observations. Shaped after the HL7 guide for adverse events in clinical research, without asking for a study: most treatments of autoimmune disease are given outside of one."
* insert StudyDay
* insert Visit
* extension contains CARTAeGrade named grade 0..1 and CARTSeriousnessCriterion named seriousnessCriterion 0..* and CARTResolveDate named resolveDate 0..1 and CARTExpectedness named expectedness 0..1 and CARTMitigatingAction named mitigatingAction 0..* and CARTGrading named grading 0..* and http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare named episode 0..1
* event 1..1
* event from CARTAeTermVS (extensible)
* subject only Reference(CARTPatient)
* seriousness from CARTSeriousnessVS (extensible)
* suspectEntity.instance only Reference(MedicationAdministration or Medication or MedicationStatement or Procedure or Substance or Device or Immunization)
* insert Supported(extension[grade], [[Highest grade, 1 to 5]])
* insert Supported(extension[seriousnessCriterion], [[Why it is serious]])
* insert Supported(extension[resolveDate], [[When it had resolved]])
* insert Supported(extension[expectedness], [[Expected or not]])
* insert Supported(extension[mitigatingAction], [[What was done about it]])
* insert Supported(extension[grading], [[The grading Observations]])
* insert Supported(actuality, [[Actual]])
* insert Supported(event, [[What happened]])
* insert Supported(subject, [[The patient]])
* insert Supported(date, [[Onset]])
* insert Supported(resultingCondition, [[The condition it led to]])
* insert Supported(seriousness, [[Serious or not]])
* insert Supported(severity, [[Mild, moderate, severe; left out for grade 4 and 5]])
* insert Supported(outcome, [[Resolved, ongoing, fatal ...]])
* insert Supported(suspectEntity, [[One for each suspect, with its own causality]])
* insert Supported(suspectEntity.instance, [[The infusion or the lymphodepletion]])
* insert Supported(suspectEntity.causality, [[How likely the suspect caused it]])
* insert Supported(study, [[The study, when there is one]])
* obeys cart-day-3 and cart-ae-1 and cart-ae-2 and cart-ae-3 and cart-ae-4 and cart-ae-5 and cart-ae-6
