wash frobnicate
