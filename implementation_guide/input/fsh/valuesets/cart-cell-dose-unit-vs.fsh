ValueSet: CARTCellDoseUnitVS
Id: cart-cell-dose-unit-vs
Title: "Cell Dose Unit"
Description: "UCUM units of the dose of cells that was given. The total is preferred; the dose per kilogram is accepted where the source knows nothing else."
* insert Codes
* $UCUM#{cells} "cells"
* $UCUM#10*6 "10^6 cells"
* $UCUM#10*7 "10^7 cells"
* $UCUM#10*8 "10^8 cells"
* $UCUM#10*9 "10^9 cells"
* $UCUM#10*6/kg "10^6 cells per kg"
* $UCUM#{cells}/kg "cells per kg"
* $UCUM#10*6/m2 "10^6 cells per m2"
