"""Everything about an agent, in one ZIP that she asks for: HTML to read, JSON to reuse, files."""
