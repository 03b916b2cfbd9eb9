"""Rules of accounts and money, pure: plain values in, plain values out.

Time is an argument. May import: the ground, nothing else of ours.
"""
