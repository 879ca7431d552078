"""What a performance is worth: level scales, decisions, programmes. Pure: plain numbers in."""
