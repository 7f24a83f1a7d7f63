//! Where to build: covering, p-median and their kin, with a proven bound.
