"""What to do about symptoms, and how soon; nothing is stored."""
