"""How fast driehoek is: beside R, and as data grow."""
