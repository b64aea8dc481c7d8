Extension: CARTGrading
Id: cart-grading
Title: "Grading Observation"
Description: "Grading Observations that belong to the event, one for each assessment; the grade of the event is the highest of them."
* insert Context(AdverseEvent)
* value[x] 1..1
* value[x] only Reference(Observation)
