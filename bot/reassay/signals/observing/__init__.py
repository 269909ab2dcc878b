"""Observed deployments: what the configuration of a product says, as fields of a deployment. Files come in as bytes."""
