//! What the desk promises, through the door.
