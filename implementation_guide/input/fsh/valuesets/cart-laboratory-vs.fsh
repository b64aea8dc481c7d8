ValueSet: CARTLaboratoryVS
Id: cart-laboratory-vs
Title: "Laboratory Result"
Description: "Laboratory results of the journey: LOINC codes whose meaning was seen in a public source, and local codes for autoantibodies without one."
* insert Codes
* insert LOINCCopyright
* include codes from system CARTAutoantibodyCS
* $LNC#26515-7 "Platelets [#/volume] in Blood"
* $LNC#777-3 "Platelets [#/volume] in Blood by Automated count"
* $LNC#718-7 "Hemoglobin [Mass/volume] in Blood"
* $LNC#2532-0 "Lactate dehydrogenase [Enzymatic activity/volume] in Serum or Plasma"
* $LNC#4542-7 "Haptoglobin [Mass/volume] in Serum or Plasma"
* $LNC#60474-4 "Reticulocytes [#/volume] in Blood by Automated count"
* $LNC#14196-0
* $LNC#1971-1 "Bilirubin.indirect [Mass/volume] in Serum or Plasma"
* $LNC#1975-2 "Bilirubin.total [Mass/volume] in Serum or Plasma"
* $LNC#4485-9 "Complement C3 [Mass/volume] in Serum or Plasma"
* $LNC#4498-2 "Complement C4 [Mass/volume] in Serum or Plasma"
* $LNC#2890-2 "Protein/Creatinine [Mass Ratio] in Urine"
* $LNC#2889-4 "Protein [Mass/time] in 24 hour Urine"
* $LNC#2160-0 "Creatinine [Mass/volume] in Serum or Plasma"
* $LNC#62238-1 "Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (CKD-EPI)"
* $LNC#50384-7 "Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (Schwartz)"
* $LNC#2157-6 "Creatine kinase [Enzymatic activity/volume] in Serum or Plasma"
* $LNC#1920-8 "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma"
* $LNC#1742-6 "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma"
* $LNC#4537-7 "Erythrocyte sedimentation rate by Westergren method"
* $LNC#31348-6 "DNA double strand Ab [Presence] in Serum"
* $LNC#33799-8
* $LNC#5130-0 "DNA double strand Ab [Units/volume] in Serum"
* $LNC#8061-4 "Nuclear Ab [Presence] in Serum"
* $LNC#5048-4 "Nuclear Ab [Titer] in Serum by Immunofluorescence"
* $LNC#1007-4 "Direct antiglobulin test.polyspecific reagent [Presence] on Red Blood Cells"
* $LNC#1006-6 "Direct antiglobulin test.IgG specific reagent [Interpretation] on Red Blood Cells"
* $LNC#1004-1 "Direct antiglobulin test.complement specific reagent [Presence] on Red Blood Cells"
* $LNC#1008-2 "Indirect antiglobulin test.polyspecific reagent [Presence] in Serum or Plasma"
* $LNC#24374-1 "Platelet associated Ab [Presence] in Blood"
* $LNC#48594-6
* $LNC#63478-2
* $LNC#63479-0
* $LNC#11034-6 "Acetylcholine receptor binding Ab [Moles/volume] in Serum"
* $LNC#51716-9
* $LNC#27416-7
* $LNC#47322-3
* $LNC#81738-7 "RNA polymerase III RP155 Ab [Presence] in Serum by Line blot"
* $LNC#16137-2 "Centromere Ab [Presence] in Serum"
* $LNC#82424-3 "MDA5 Ab [Presence] in Serum by Line blot"
* $LNC#33921-8
* $LNC#8076-2 "Jo-1 extractable nuclear Ab [Presence] in Serum"
* $LNC#8093-7 "Sjogrens syndrome-A extractable nuclear Ab [Presence] in Serum"
* $LNC#8094-5
* $LNC#8091-1
* $LNC#3181-5 "Cardiolipin IgG Ab [Units/volume] in Serum by Immunoassay"
* $LNC#3182-3
* $LNC#3281-3
* $LNC#8116-6 "CD19 cells [#/volume] in Blood"
* $LNC#8117-4 "CD19 cells/100 cells in Blood"
* $LNC#9558-8 "CD20 cells [#/volume] in Blood"
* $LNC#8122-4 "CD3 cells [#/volume] in Blood"
* $LNC#24467-3 "CD3+CD4+ (T4 helper) cells [#/volume] in Blood"
* $LNC#14135-8 "CD3+CD8+ (T8 suppressor cells) cells [#/volume] in Blood"
* $LNC#2465-3 "IgG [Mass/volume] in Serum or Plasma"
* $LNC#2472-9 "IgM [Mass/volume] in Serum or Plasma"
* $LNC#2458-8 "IgA [Mass/volume] in Serum or Plasma"
* $LNC#1988-5 "C reactive protein [Mass/volume] in Serum or Plasma"
* $LNC#2276-4 "Ferritin [Mass/volume] in Serum or Plasma"
* $LNC#26881-3 "Interleukin 6 [Mass/volume] in Serum or Plasma"
* $LNC#26499-4 "Neutrophils [#/volume] in Blood"
* $LNC#751-8
* $LNC#26474-7 "Lymphocytes [#/volume] in Blood"
* $LNC#731-0
* $LNC#26464-8 "Leukocytes [#/volume] in Blood"
* $LNC#6690-2
* $LNC#3255-7 "Fibrinogen [Mass/volume] in Platelet poor plasma by Coagulation assay"
* $LNC#16935-9 "Hepatitis B virus surface Ab [Units/volume] in Serum"
* $LNC#5193-8
* $LNC#5244-9 "Measles virus IgG Ab [Units/volume] in Serum by Immunoassay"
* $LNC#5334-8 "Rubella virus IgG Ab [Units/volume] in Serum or Plasma by Immunoassay"
* $LNC#7966-5 "Mumps virus IgG Ab [Units/volume] in Serum"
* $LNC#8047-3 "Varicella zoster virus IgG Ab [Units/volume] in Serum"
