"""Mail: an e-mail is a row, then a sending."""
