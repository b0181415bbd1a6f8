"""What is made from the command tree and the catalogue, and kept: completion, help, model words.

python -m tests.regenerate
"""
