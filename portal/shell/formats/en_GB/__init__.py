"""British English, as everywhere in the portal: 21 Nov 2026, 05:12."""
