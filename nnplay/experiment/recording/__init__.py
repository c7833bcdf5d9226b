"""A run as it is watched: it is trained frame by frame, kept, rewound, forked and edited."""
