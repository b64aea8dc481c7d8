CodeSystem: CARTKineticsCS
Id: cart-kinetics-cs
Title: "Kinetics"
Description: "Measures of expansion and persistence of CAR-T cells; no LOINC code could be verified for them."
* insert LocalCodes
* #cart-cells-per-ul "CAR+ T cells per microlitre" "Concentration of CAR-positive T cells in blood."
* #cart-percent-of-t-cells "CAR+ T cells as per cent of T cells" "Share of CAR-positive cells among CD3-positive T cells."
* #cart-transgene-copies-per-ug "Transgene copies per microgram of DNA" "Copies of the transgene per microgram of genomic DNA; depends on the DNA that a millilitre yields, which is low after lymphodepletion."
* #cart-transgene-copies-per-ml "Transgene copies per millilitre" "Copies of the transgene per millilitre of specimen."
* #cart-peak "Peak (Cmax)" "Highest value measured, in the unit of the series it is derived from."
* #cart-time-to-peak "Time to peak (Tmax)" "Days from the infusion to the highest value."
* #cart-auc-0-28 "Area under the curve, day 0 to 28" "Area under the concentration over the first 28 days."
* #cart-persistence "Persistence" "Time from the infusion to the last detection; with the comparator >= while cells are still detected."
