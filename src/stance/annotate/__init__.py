"""What a human should label, and what humans said: samples with known chances, label files, agreement."""
