"""Notifications to mail, chat and webhooks."""
