"""One file a scene: server(folder, port) builds the stage, play(server) acts on it."""
