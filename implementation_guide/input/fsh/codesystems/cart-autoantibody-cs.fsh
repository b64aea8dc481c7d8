CodeSystem: CARTAutoantibodyCS
Id: cart-autoantibody-cs
Title: "Autoantibody"
Description: "Autoantibody tests for which no LOINC code could be verified."
* insert LocalCodes
* #anti-nxp2 "Anti-NXP2" "Antibody against nuclear matrix protein 2 (MJ)."
* #anti-mi2 "Anti-Mi-2" "Antibody against Mi-2."
* #anti-tif1-gamma "Anti-TIF1-gamma" "Antibody against transcription intermediary factor 1 gamma."
* #msa-maa-panel "Myositis antibody panel" "Panel of myositis-specific and myositis-associated antibodies as a whole; negative means that none was found."
