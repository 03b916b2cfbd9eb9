"""What tests share: a clock to set, a whole world in a database of its own, servers, browsers."""
