"""Approvals: questions, answers, sign-offs and approval steps of re-assessments and pull requests."""
