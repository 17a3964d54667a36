"""Who talks to whom, and what has to come of it? A file a group of scenarios."""
