"""The job queue on Procrastinate: deferring, running and retrying jobs, and recovering jobs of workers that died."""
