"""The schema: the same on both databases as the code's tables, and reached from every older one."""
