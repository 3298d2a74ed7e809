"""The desk's queues and lists."""
