"""What is published on treatment, for signed-in readers only. Nothing public imports it."""
