"""From a file of any kind to one table of text cells, each row with its place; bad rows kept aside with their text."""
