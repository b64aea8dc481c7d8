ValueSet: CARTRouteVS
Id: cart-route-vs
Title: "Route"
Description: "Routes of administration."
* insert Codes
* insert SNOMEDCopyright
* $SCT#47625008 "Intravenous route"
