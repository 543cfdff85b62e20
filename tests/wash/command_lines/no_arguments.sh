wash
