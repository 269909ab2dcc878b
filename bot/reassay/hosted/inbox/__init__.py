"""Webhook deliveries: stored before they are acknowledged, processed afterwards, each once."""
