"""Messages between an agent and her counsellor: a page and a form."""
