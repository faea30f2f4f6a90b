"""The names of the parts of a certificate's PDF, for those who write it and for those who read it."""

SIGNATURE_FIELD = "Signature"
CREDENTIAL_NAME = "credential.json"
