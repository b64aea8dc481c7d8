ValueSet: CARTAutoimmuneDiseaseVS
Id: cart-autoimmune-disease-vs
Title: "Autoimmune Disease"
Description: "Autoimmune diseases for which CAR-T cells are given, in SNOMED CT; ORPHA codes beside them where SNOMED has none verified (childhood-onset lupus). ICD codes of a source are sent as further codings."
* insert Codes
* insert SNOMEDCopyright
* $SCT#55464009 "Systemic lupus erythematosus"
* $SCT#68815009 "Systemic lupus erythematosus glomerulonephritis syndrome"
* $SCT#1212005 "Childhood type dermatomyositis"
* $SCT#396230008 "Dermatomyositis"
* $SCT#31384009 "Polymyositis"
* $SCT#445187004 "Antisynthetase syndrome"
* $SCT#89155008 "Systemic sclerosis"
* $SCT#196133001 "Lung disease with systemic sclerosis"
* $SCT#91637004 "Myasthenia gravis"
* $SCT#230686005 "Generalized myasthenia gravis"
* $SCT#521000146105 "Muscle-specific tyrosine kinase-associated myasthenia gravis"
* $SCT#2897005 "Immune thrombocytopenia"
* $SCT#32273002 "Idiopathic thrombocytopenic purpura"
* $SCT#413603009 "Autoimmune hemolytic anemia"
* $SCT#3978000 "Warm autoimmune hemolytic anemia"
* $SCT#127055007 "Cold agglutinin disease"
* $SCT#718716008 "Mixed-type autoimmune hemolytic anemia"
* $SCT#732960002 "Secondary autoimmune hemolytic anemia co-occurrent and due to systemic lupus erythematosus"
* $SCT#75331009 "Evans syndrome"
* $ORPHA#93552
* $ORPHA#93672
* $ORPHA#220393
* $ORPHA#220402
* $ORPHA#391490
* $ORPHA#391497
