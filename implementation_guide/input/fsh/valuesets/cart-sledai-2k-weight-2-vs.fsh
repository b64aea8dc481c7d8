ValueSet: CARTSledai2kWeight2VS
Id: cart-sledai-2k-weight-2-vs
Title: "SLEDAI-2K Items of Weight 2"
Description: "Items of SLEDAI-2K that add 2 to the total."
* insert Codes
* CARTSledai2kItemCS#rash
* CARTSledai2kItemCS#alopecia
* CARTSledai2kItemCS#mucosal-ulcers
* CARTSledai2kItemCS#pleurisy
* CARTSledai2kItemCS#pericarditis
* CARTSledai2kItemCS#low-complement
* CARTSledai2kItemCS#increased-dna-binding
