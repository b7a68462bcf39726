"""What was said, as text: languages, masking, places of quotes and their marks; no tables, no pages."""
