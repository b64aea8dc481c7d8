ValueSet: CARTManufacturingPlatformVS
Id: cart-manufacturing-platform-vs
Title: "Manufacturing Platform"
Description: "Platforms on which products are made."
* insert Codes
* include codes from system CARTManufacturingPlatformCS
