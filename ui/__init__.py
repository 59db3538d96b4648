"""The design system: the template environment, forms, dates in words, error pages. No word of the domain lives here."""
