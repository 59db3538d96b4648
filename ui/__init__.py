"""The design system: Jinja environment, components, forms. Knows no word of the domain."""
