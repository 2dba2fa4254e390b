"""The embedded default model: network, training, weights. Only this package and `scorers` import torch."""
