"""What the readers of web pages ask of lxml, over the browser's own parser: see ``etree``."""
