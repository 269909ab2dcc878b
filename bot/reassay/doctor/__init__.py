"""What in this repository or installation lets somebody around the gate, and the remedy."""
