"""The JSON API: the engine and the public knowledge over HTTP; nothing that is sent is kept."""
