ValueSet: CARTSledai2kWeight1VS
Id: cart-sledai-2k-weight-1-vs
Title: "SLEDAI-2K Items of Weight 1"
Description: "Items of SLEDAI-2K that add 1 to the total."
* insert Codes
* CARTSledai2kItemCS#fever
* CARTSledai2kItemCS#thrombocytopenia
* CARTSledai2kItemCS#leukopenia
