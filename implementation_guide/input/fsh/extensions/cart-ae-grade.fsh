Extension: CARTAeGrade
Id: cart-ae-grade
Title: "Adverse Event Grade"
Description: "Highest grade of the event, 1 to 5: of CTCAE, or of its own system for a toxicity of immune effector cells (CRS, ICANS, IEC-HS, LICATS, ICAHT). R4 AdverseEvent.severity cannot say grade 4 and 5. Same value as the ae-grade extension of the HL7 guide for adverse events in clinical research."
* insert Context(AdverseEvent)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTAeGradeVS (required)
