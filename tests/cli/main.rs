//! The program as scripts and people meet it: real processes on real store files.

#[cfg(test)]
mod programme;
#[cfg(test)]
mod race;
#[cfg(test)]
mod stage;
