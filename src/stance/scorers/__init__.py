"""Scorers turn passages with targets into probabilities; torch and transformers are imported here and in `model`."""
