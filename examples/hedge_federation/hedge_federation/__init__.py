"""The Flower app of the example."""
