"""What is wrong with a run: findings with evidence, the cause before the symptom, and nothing where all is well."""
