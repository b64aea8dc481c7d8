RuleSet: SNOMEDCopyright
* ^copyright = "This value set includes content from SNOMED CT, which is copyright of SNOMED International; concepts of the SNOMED Global Patient Set are used under CC BY 4.0."
