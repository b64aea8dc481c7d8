CodeSystem: CARTRaisedIcpCS
Id: cart-raised-icp-cs
Title: "Raised Intracranial Pressure"
Description: "Oedema and signs of raised pressure in ICANS."
* insert LocalCodes
* #none "None" "No oedema and no sign of raised pressure."
* #focal-oedema "Focal oedema" "Focal oedema on imaging (grade 3)."
* #diffuse-oedema "Diffuse oedema or signs of pressure" "Diffuse oedema, posturing, palsy of cranial nerve VI, papilloedema or Cushing's triad (grade 4)."
