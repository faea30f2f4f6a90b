"""The file formats, one module each: what declares `FORMAT` is found."""
