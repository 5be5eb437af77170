"""What is measured, and how: one file a question, and the demo that puts both sides together."""
