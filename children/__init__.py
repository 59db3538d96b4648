"""The child: how they came to us, who they are, who is around them, what has happened."""
