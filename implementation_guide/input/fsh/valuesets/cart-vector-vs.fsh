ValueSet: CARTVectorVS
Id: cart-vector-vs
Title: "Vector"
Description: "Ways to bring the receptor gene into the cells."
* insert Codes
* include codes from system CARTVectorCS
