"""The reader in other people's tools; each adapter needs its own extra."""
