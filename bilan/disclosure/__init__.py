"""What HR is told: block by block, to a named person, for a purpose, until a day, and only while the agent agrees."""
