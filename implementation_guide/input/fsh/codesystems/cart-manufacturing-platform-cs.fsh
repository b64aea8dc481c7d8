CodeSystem: CARTManufacturingPlatformCS
Id: cart-manufacturing-platform-cs
Title: "Manufacturing Platform"
Description: "Platforms on which products are made."
* insert LocalCodes
* #clinimacs-prodigy "CliniMACS Prodigy" "Closed automated system at or near the point of care."
* #centralised-commercial "Centralised commercial" "Central manufacturing of a company."
* #other "Other" "Another platform; named in the text."
