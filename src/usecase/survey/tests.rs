//! The survey desk through the door.
