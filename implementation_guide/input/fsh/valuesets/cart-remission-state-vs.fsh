ValueSet: CARTRemissionStateVS
Id: cart-remission-state-vs
Title: "Remission State"
Description: "Definitions of remission and low disease activity."
* insert Codes
* CARTRemissionStateCS#doris-2021
* CARTRemissionStateCS#lldas
* CARTRemissionStateCS#drug-free-remission
