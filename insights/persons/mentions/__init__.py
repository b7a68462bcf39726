"""Where others name a person: looked for before an erasure, shown to whoever asks for it, and taken out with it."""
