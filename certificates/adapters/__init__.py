"""The world outside: catalogue files, WeasyPrint, QR codes, the files of certificates."""
