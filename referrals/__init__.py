"""The service directory, referrals and information reports."""
