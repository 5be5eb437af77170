"""The patient's side: from accepted commands to the drives. Asks safety before it moves anything."""
