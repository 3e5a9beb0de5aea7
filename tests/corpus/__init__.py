"""Documents as people write them: `CQRS_GEN_SHARED` names the folder with `corpus/`; without it they are skipped."""
