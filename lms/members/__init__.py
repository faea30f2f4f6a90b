"""Members: who belongs to an organisation, how they got there, and what they let it see."""
