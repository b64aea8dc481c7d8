Profile: CARTOrganization
Parent: Organization
Id: cart-organization
Title: "CAR-T Centre"
Description: "The treating centre, a manufacturing site or a registry."
* name 1..1
* insert Supported(identifier, [[Centre number of the registry]])
* insert Supported(name, [[Name]])
* insert Supported(address, [[City and country]])
