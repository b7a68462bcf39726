"""Pages of closing: what was asked for and who heard, the words to one person, and the address of who wants no more."""
