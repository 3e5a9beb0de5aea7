"""What is compared by `benchmarks.consume`: the variants, each a process of its own, and how they are judged."""
