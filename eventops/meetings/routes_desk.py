"""The matching desk: where the round stands and what is next to do."""
