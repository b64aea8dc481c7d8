Profile: CARTMedication
Parent: Medication
Id: cart-medication
Title: "CAR-T Medication"
Description: "The product as a Medication: the twin of the product record for systems that only know medications."
* extension contains CARTProductRecord named productRecord 0..1
* code 1..1
* code from CARTProductVS (extensible)
* insert Supported(extension[productRecord], [[The full record of the product]])
* insert Supported(identifier, [[The identifiers of the product record]])
* insert Supported(code, [[The product]])
* insert Supported(batch, [[Lot and expiry]])
* insert Supported(batch.lotNumber, [[Lot number]])
* insert Supported(batch.expirationDate, [[Expiry]])
