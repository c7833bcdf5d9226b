"""How a visit survives the server: what a browser holds of it, and how runs are trained again from that."""
