"""Commands of who keeps kohyo running: what breaks is told, what is missing is named."""
