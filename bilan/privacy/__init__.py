"""What is kept, why and until when; the nightly destruction, its certificate, what the agent reads of it."""
