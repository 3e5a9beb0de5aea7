"""The same contract gives the same bytes, whoever runs the generator, where and when."""
