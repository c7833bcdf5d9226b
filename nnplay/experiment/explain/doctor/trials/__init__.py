"""The doctor on trial: runs with a fault that is known, and whether what it advises makes them better."""
