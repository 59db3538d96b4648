"""What is due and by when, and the proof that the clocks are being watched."""
