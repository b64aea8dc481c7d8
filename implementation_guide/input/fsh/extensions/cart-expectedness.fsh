Extension: CARTExpectedness
Id: cart-expectedness
Title: "Expected Event"
Description: "Whether the event is expected according to the reference safety information."
* insert Context(AdverseEvent)
* value[x] 1..1
* value[x] only boolean
