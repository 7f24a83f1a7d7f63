//! Walking times, what is within reach, and how well a place is served.
