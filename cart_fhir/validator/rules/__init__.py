"""One file per family of rules: an element, a value or a resource goes in, findings come out."""
