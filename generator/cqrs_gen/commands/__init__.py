"""What the command line is made of beside `cqrs-gen SPEC` itself: one module for each other command."""
