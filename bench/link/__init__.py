"""The bench of the link: both sides over an emulated one, beside bare UDP and plain ZeroMQ."""
