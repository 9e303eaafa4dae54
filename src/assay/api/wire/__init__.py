"""What goes over the wire, as types: the OpenAPI document, and with it the web's TypeScript, are made of these."""
