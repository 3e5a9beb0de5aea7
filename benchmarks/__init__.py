"""What cqrs-gen costs, measured."""
