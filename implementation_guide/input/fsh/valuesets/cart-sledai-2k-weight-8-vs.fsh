ValueSet: CARTSledai2kWeight8VS
Id: cart-sledai-2k-weight-8-vs
Title: "SLEDAI-2K Items of Weight 8"
Description: "Items of SLEDAI-2K that add 8 to the total."
* insert Codes
* CARTSledai2kItemCS#seizure
* CARTSledai2kItemCS#psychosis
* CARTSledai2kItemCS#organic-brain-syndrome
* CARTSledai2kItemCS#visual-disturbance
* CARTSledai2kItemCS#cranial-nerve-disorder
* CARTSledai2kItemCS#lupus-headache
* CARTSledai2kItemCS#cva
* CARTSledai2kItemCS#vasculitis
