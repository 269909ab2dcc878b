"""Approvals: questions, answers, sign-offs and approval steps, of re-assessments and of pull requests alike."""
