"""The agenda: slots, bookings, calendar files."""
