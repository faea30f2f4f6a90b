"""QTI (Question and Test Interoperability, 1EdTech): packages and items of versions 2.0 to 3.0, in and out."""
