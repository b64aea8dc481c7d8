ValueSet: CARTLungFunctionVS
Id: cart-lung-function-vs
Title: "Lung Function"
Description: "Measures of lung function."
* insert Codes
* insert LOINCCopyright
* $LNC#19868-9 "Forced vital capacity [Volume] Respiratory system by Spirometry"
* $LNC#19911-7 "Diffusion capacity.carbon monoxide"
* $LNC#19913-3 "Diffusion capacity.carbon monoxide adjusted for hemoglobin"
* $LNC#98130-8 "Diffusion capacity.carbon monoxide/Predicted"
* $LNC#3151-8
* $NCIT#C112381 "Percent Predicted Forced Vital Capacity"
