"""A new item type, as somebody would add it: the modules under `assessments/`, and its way through the whole flow."""
