ValueSet: CARTImagingVS
Id: cart-imaging-vs
Title: "Imaging"
Description: "Imaging questions of this guide."
* insert Codes
* CARTImagingCS#chest-ct-ild-finding
* CARTImagingCS#chest-ct-ild-evolution
