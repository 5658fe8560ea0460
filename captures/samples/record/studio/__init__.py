"""The recording studio: real servers, real clients, one tape a scene.

It knows how to start a server on loopback, let a scene play against it and keep what tcpdump saw. It knows nothing of
the program that reads the tapes: what it writes down about them (testdata/NAME.follow) comes from tshark alone.
"""
