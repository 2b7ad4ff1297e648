//! Runs the program as scripts and users do: real processes on real store files.

#[cfg(test)]
mod commands;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod interrupted;
#[cfg(test)]
mod packaging;
#[cfg(test)]
mod programme;
#[cfg(test)]
mod race;
#[cfg(test)]
#[path = "../races/mod.rs"]
mod races;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod service;
#[cfg(test)]
mod waiting;
