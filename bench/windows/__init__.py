"""What both windows cost, and what the surgeon's commands notice of them: `farhand bench windows`."""
