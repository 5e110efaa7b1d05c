"""The follow-up of a bilan: its journal, what sleeps, suspension, interruption, the mid-way evaluation."""
