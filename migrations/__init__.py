"""Schema versions of the database; `certify.storage.schema` finds and runs them."""
