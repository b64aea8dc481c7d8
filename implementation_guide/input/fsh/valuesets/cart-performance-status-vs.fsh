ValueSet: CARTPerformanceStatusVS
Id: cart-performance-status-vs
Title: "Performance Status"
Description: "Scales of performance status."
* insert Codes
* insert LOINCCopyright
* $LNC#89247-1
* $LNC#89243-0
* $NCIT#C38144
