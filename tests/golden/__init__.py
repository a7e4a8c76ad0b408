"""
Golden digests: what the library says of many hundred inputs, kept so that no change goes unseen.
"""
