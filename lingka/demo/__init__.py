"""A model city for trying Lingka out: real division codes, everything else invented."""
