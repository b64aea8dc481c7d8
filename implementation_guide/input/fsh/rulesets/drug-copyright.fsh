RuleSet: DrugCopyright
* ^copyright = "RxNorm ingredient codes by the U.S. National Library of Medicine. ATC codes are references to the classification of the WHO Collaborating Centre for Drug Statistics Methodology; the classification itself is not reproduced."
