"""The second factor at sign-in, and proving again who one is before what cannot be taken back."""
