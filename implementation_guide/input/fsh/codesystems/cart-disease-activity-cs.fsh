CodeSystem: CARTDiseaseActivityCS
Id: cart-disease-activity-cs
Title: "Disease Activity Instrument"
Description: "Instruments of disease activity and damage; no standard code system has them."
* insert LocalCodes
* #sledai-2k "SLEDAI-2K total" "SLE Disease Activity Index 2000, total of 24 weighted items, 0 to 105."
* #jdm-das-total "JDM DAS total" "Disease Activity Score of juvenile dermatomyositis, total, 0 to 20."
* #jdm-das-muscle "JDM DAS muscle" "Muscle part of the Disease Activity Score of juvenile dermatomyositis, 0 to 11."
* #jdm-das-skin "JDM DAS skin" "Skin part of the Disease Activity Score of juvenile dermatomyositis, 0 to 9."
* #jdm-das-modified "Modified JDM DAS" "Modified Disease Activity Score of juvenile dermatomyositis (DASmod), 0 to 12."
* #mmt-8 "MMT-8" "Manual Muscle Testing of eight muscles on one side, 0 to 80; higher is better."
* #cmas "CMAS" "Childhood Myositis Assessment Scale, 0 to 52; higher is better."
* #cdasi-activity "CDASI activity" "Cutaneous Dermatomyositis Disease Area and Severity Index, activity."
* #cdasi-damage "CDASI damage" "Cutaneous Dermatomyositis Disease Area and Severity Index, damage."
* #mg-adl "MG-ADL total" "Myasthenia Gravis Activities of Daily Living, total of eight items, 0 to 24."
* #qmg "QMG" "Quantitative Myasthenia Gravis score, 13 items."
* #mrss "mRSS" "Modified Rodnan Skin Score over 17 sites, 0 to 51."
* #bilag-2004 "BILAG-2004" "British Isles Lupus Assessment Group index 2004, a letter for each of nine systems."
* #pga "Physician global assessment" "Physician's global assessment; the scale (0 to 3, or a visual analogue scale of 0 to 10) stands in the method."
