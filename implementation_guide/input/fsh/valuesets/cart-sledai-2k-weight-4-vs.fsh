ValueSet: CARTSledai2kWeight4VS
Id: cart-sledai-2k-weight-4-vs
Title: "SLEDAI-2K Items of Weight 4"
Description: "Items of SLEDAI-2K that add 4 to the total."
* insert Codes
* CARTSledai2kItemCS#arthritis
* CARTSledai2kItemCS#myositis
* CARTSledai2kItemCS#urinary-casts
* CARTSledai2kItemCS#haematuria
* CARTSledai2kItemCS#proteinuria
* CARTSledai2kItemCS#pyuria
