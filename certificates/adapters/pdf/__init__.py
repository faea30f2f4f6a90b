"""The PDF of a certificate: its page, its ornaments, and WeasyPrint, which sets it."""
