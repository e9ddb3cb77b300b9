"""Events of jobs, posted where they were asked for."""
