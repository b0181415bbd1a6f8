"""Write anew what is made."""

from __future__ import annotations

from .products import ROOT, products

for name, text in products().items():
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
