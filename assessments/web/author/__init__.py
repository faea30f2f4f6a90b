"""Pages for authors: items and tests are written, reviewed, published."""
