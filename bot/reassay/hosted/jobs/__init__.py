"""The job queue, on Procrastinate: who runs what, when, and what becomes of jobs whose worker died."""
