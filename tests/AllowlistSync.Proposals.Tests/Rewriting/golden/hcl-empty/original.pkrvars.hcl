allow = []
