"""Hand-drawn diagrams on photos: shapes, arrows by their ends, and words, in one small network of centre points."""
