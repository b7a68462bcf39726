"""Pages of imports: the wizard, one import, the list."""
