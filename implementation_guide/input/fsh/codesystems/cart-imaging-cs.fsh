CodeSystem: CARTImagingCS
Id: cart-imaging-cs
Title: "Imaging"
Description: "Imaging questions without a verified standard code."
* insert LocalCodes
* #chest-ct-ild-finding "Chest CT, interstitial lung disease" "Finding of interstitial lung disease on chest CT."
* #chest-ct-ild-evolution "Chest CT, evolution" "Evolution of interstitial lung disease since the last chest CT."
* #ild-ct-feature "CT feature" "Feature of the pattern on chest CT."
