Extension: CARTResolveDate
Id: cart-resolve-date
Title: "Resolution Date"
Description: "When the event had resolved."
* insert Context(AdverseEvent)
* value[x] 1..1
* value[x] only dateTime
