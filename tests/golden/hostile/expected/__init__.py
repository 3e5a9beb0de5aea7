"""The service \"\"\" import os; os.abort() \"\"\"."""
