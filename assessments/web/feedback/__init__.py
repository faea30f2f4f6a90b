"""What a practice try is told: where the answer differed from the experts'. The only pages' code that sees a key."""
