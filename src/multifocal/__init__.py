"""multifocal: one child's record in, a cited work-up for chronic multifocal osteomyelitis out."""
