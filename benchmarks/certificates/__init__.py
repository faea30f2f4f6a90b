"""What a certificate costs: CPU seconds a step, and the memory of the processes that make it."""
