"""Feeds, calendar and lists of subscriptions."""
