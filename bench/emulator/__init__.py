"""A link between two network namespaces, packet by packet in user space, under the real TCP stack and from a seed."""
