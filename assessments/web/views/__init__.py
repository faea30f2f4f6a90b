"""How each item type meets the page: its form read, its state laid out for the template. No key comes here."""
