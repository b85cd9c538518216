COLUMNS = ("x", "y")
