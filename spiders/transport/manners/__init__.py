"""What a polite guest heeds between two requests: who may ask a host, and when."""
