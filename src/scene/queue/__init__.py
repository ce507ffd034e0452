"""What must happen next: jobs, as hints that something is due."""
