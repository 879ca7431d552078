"""Load for an exam day: servers, candidates that answer, and a bare application to compare with."""
