"""One module per repository protocol of `certify.services.ports`, in statements of Core."""
