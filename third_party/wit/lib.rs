//! Never compiled; cargo wants a target to exist.
