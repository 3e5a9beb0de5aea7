"""What a contract means, for people and programs that ask before anything is generated."""
