"""The names of the parts of a certificate's PDF, for those who write it and for those who read it."""

SIGNATURE_FIELD = "Signature"
CREDENTIAL_NAME = "credential.json"
# A signature dictionary that is still empty: whoever signs writes over it, and nothing else in the file moves.
SIGNATURE_BYTES = 6144
EMPTY_SIGNATURE = b"<</Type /Sig".ljust(SIGNATURE_BYTES - 2) + b">>"
