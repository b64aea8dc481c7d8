CodeSystem: CARTBinderOriginCS
Id: cart-binder-origin-cs
Title: "Binder Origin"
Description: "Origin of the antigen-binding part of the receptor."
* insert LocalCodes
* #murine "Murine" "From a mouse antibody."
* #humanized "Humanized" "From a mouse antibody, humanized."
* #fully-human "Fully human" "From a human antibody."
* #camelid "Camelid" "From a camelid single-domain antibody."
* #unknown "Unknown" "The source does not state the origin."
