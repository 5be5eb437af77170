"""The surgeon's side: from the hands to commands. It asks; the patient's side decides."""
