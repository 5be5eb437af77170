"""What the surgeon's and the patient's side share: messages, clocks, sockets, memory. Imports nothing of ours."""
