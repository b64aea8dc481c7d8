Extension: CARTGeneration
Id: cart-generation
Title: "CAR Generation"
Description: "Generation of the chimeric antigen receptor, 1 to 5."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only integer
* obeys cart-gen-1
