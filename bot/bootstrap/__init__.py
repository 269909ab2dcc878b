"""Wires adapters into services: one room for each way of being used, so that none pays for the imports of another."""
