"""Parts of `simulation`: examinees and banks, abilities in lock-step, choice, content, exposure."""
