"""The parts of `byteplus batch`: rows checked, priced, agreed to, run, and told of."""
