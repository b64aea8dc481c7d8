Profile: CARTKinetics
Parent: Observation
Id: cart-kinetics
Title: "CAR-T Kinetics"
Description: "Expansion and persistence of the CAR-T cells: single measurements, and the peak, the time to the peak, the area under the curve and the persistence derived from them."
* insert StudyDay
* insert Visit
* insert Category(laboratory)
* code from CARTKineticsVS (extensible)
* subject 1..1
* subject only Reference(CARTPatient)
* effective[x] 1..1
* effective[x] only dateTime or Period
* value[x] only Quantity
* method from CARTKineticsMethodVS (extensible)
* insert Supported(status, [[Final, amended ...]])
* insert Supported(code, [[Cells, copies, per cent, peak, persistence]])
* insert Supported(subject, [[The patient]])
* insert Supported(focus, [[The product]])
* insert Supported(effective[x], [[When the specimen was taken]])
* insert Supported(value[x], [[The value, in the unit that belongs to the code; comparator >= for persistence that goes on]])
* insert Supported(dataAbsentReason, [[Why there is no value]])
* insert Supported(method, [[Flow cytometry, qPCR, ddPCR, IHC]])
* insert Supported(specimen, [[Blood, marrow, cerebrospinal fluid; with its volume for copies]])
* insert Supported(derivedFrom, [[The measurements a peak or a persistence was derived from]])
* obeys cart-day-1 and cart-obs-1 and cart-obs-2 and cart-kin-1
