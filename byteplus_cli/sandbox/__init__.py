"""The offline BytePlus. It imports nothing of the client: made from the client's own types, it
could not catch the client's mistakes."""
