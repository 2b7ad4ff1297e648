//! The overview through the door.
