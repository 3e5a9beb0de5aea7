"""The plan: every Python name, every file, and what each template may see."""
