"""Use cases of the hosted App: jobs, sweeps of many repositories, deliveries that were missed."""
