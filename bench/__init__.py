"""How fast the product is, against what a plain page of the same rows and bytes costs on the same machine."""
