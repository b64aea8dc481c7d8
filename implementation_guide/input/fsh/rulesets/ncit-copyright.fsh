RuleSet: NCItCopyright
* ^copyright = "NCI Thesaurus by the U.S. National Cancer Institute, CC BY 4.0."
