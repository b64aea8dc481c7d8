Profile: CARTDevice
Parent: Device
Id: cart-device
Title: "CAR-T Device"
Description: "Equipment or software of the journey: the manufacturing system, the program that turned an export into FHIR."
* deviceName 1..*
* insert Supported(identifier, [[Serial number]])
* insert Supported(deviceName, [[Name]])
* insert Supported(version, [[Version of the software]])
* insert Supported(manufacturer, [[Manufacturer]])
* insert Supported(owner, [[Whose it is]])
