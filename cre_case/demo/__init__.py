"""An invented city: agencies, people who work in them, children and their files. Nobody in it exists.

The same generator fills a newcomer's first start (some sixty children) and the databases that speed is
measured on (a hundred thousand).
"""

# Printed at every start of the demo and in the README: it guards nothing but invented people.
DEMO_PASSWORD = "Derwent-demo-city"  # noqa: S105

SEED = "derby"
