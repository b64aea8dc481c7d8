Profile: CARTSubmissionBundle
Parent: Bundle
Id: cart-submission-bundle
Title: "CAR-T Submission Bundle"
Description: "What a centre sends: the resources of one or more patients with the provenance of the data, as a transaction of PUTs (sending it twice changes nothing) or as a collection."
* entry 1..*
* entry.fullUrl 1..1
* entry.resource 1..1
* insert Supported(identifier, [[Identifier of the submission]])
* insert Supported(type, [[Transaction or collection]])
* insert Supported(timestamp, [[When it was put together]])
* insert Supported(entry, [[Each resource once]])
* insert Supported(entry.fullUrl, [[The URL or urn:uuid of the resource]])
* insert Supported(entry.resource, [[The resource]])
* insert Supported(entry.request, [[PUT, in a transaction]])
* obeys cart-sub-1 and cart-sub-2 and cart-sub-3 and cart-sub-4
