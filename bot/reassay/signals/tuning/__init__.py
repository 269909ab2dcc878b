"""How often a setting raises a false alarm, and how soon it finds a change: by simulation with a stated seed."""
