"""The Vision API as OmniHuman uses it: who speaks in a picture, and pictures made to speak."""
