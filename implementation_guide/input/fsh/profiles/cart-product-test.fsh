Profile: CARTProductTest
Parent: Observation
Id: cart-product-test
Title: "CAR-T Product Test"
Description: "A release test or a characteristic of the product: count, viability, share of CAR-positive cells, vector copies, sterility. R4 does not let a product be the subject: the patient is the subject and the product the focus."
* insert Category(laboratory)
* code from CARTProductTestVS (extensible)
* focus 1..*
* focus ^slicing.discriminator.type = #value
* focus ^slicing.discriminator.path = "type"
* focus ^slicing.rules = #open
* focus ^slicing.description = "The product is told by Reference.type"
* focus contains product 1..1
* focus[product] only Reference(CARTProduct)
* focus[product].type 1..1
* focus[product].type = "BiologicallyDerivedProduct"
* value[x] only Quantity or CodeableConcept or boolean
* insert PatientAndTime
* insert Supported(code, [[Which test]])
* insert Supported(focus[product], [[The product]])
* insert Supported(value[x], [[The result]])
* insert Supported(method, [[How it was tested]])
* insert Supported(referenceRange, [[Limits of the specification]])
* obeys cart-obs-1 and cart-obs-2
