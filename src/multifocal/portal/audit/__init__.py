"""What was done with people's records: a chain that shows any change."""
