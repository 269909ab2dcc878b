"""The hosted App's rules: what a delivery is about, when a repository is swept, how long a failing job waits."""
