//! What every kind of call shares: the card of the customer under lease, the script, the ways a call can end.
