"""One module an interaction: how it is read into an item of ours, and how such an item is written as one."""
