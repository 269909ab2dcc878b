"""Spreadsheets and registers, in both directions: rows become objects, objects become rows. Pure: values in, values out."""
