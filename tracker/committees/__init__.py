"""Units, their members, the seats in them and who holds a seat."""
