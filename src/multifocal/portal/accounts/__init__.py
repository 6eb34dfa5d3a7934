"""Who somebody is: users, and what they may do with their own account."""
