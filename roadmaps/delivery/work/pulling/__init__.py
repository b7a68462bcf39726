"""Reading trackers over their APIs: what each vendor's pages hold, and how they are read one after the other."""
