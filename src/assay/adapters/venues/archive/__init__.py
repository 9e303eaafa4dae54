"""What is stored, as a venue: at once, or at the pace of a replay."""
