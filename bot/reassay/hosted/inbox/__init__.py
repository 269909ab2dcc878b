"""Deliveries: durable before they are acknowledged, read afterwards, each once."""
