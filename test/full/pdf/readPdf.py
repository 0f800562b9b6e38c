# Reads the PDF that its argument names (JSON: {"file": ...}) with PDFium, and prints its title, how many pages it has and all its text, as JSON.
import json
import sys

import pypdfium2

pdf = pypdfium2.PdfDocument(json.loads(sys.argv[1])["file"])
text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
print(json.dumps({"title": pdf.get_metadata_dict()["Title"], "pages": len(pdf), "text": text}))
