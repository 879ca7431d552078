"""The pages people see, one module per room; each exposes a Flask blueprint named `bp`."""
