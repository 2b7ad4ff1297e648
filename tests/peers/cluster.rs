//! Three PostgreSQL members under Patroni, which agree by etcd on who leads.

use super::{Peer, children, postmaster, signal, signal_all, title, until};
use rustix::process::Signal;
use std::path::PathBuf;
use std::time::Duration;

/// What a commit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replication {
    /// Another member has it.
    Synchronous,
    /// Nothing but the leader.
    Asynchronous,
}

/// One member.
#[derive(Debug)]
struct Member {
    host: String,
    agent: i32,
    data: PathBuf,
}

/// A cluster; it ends with its handle.
#[derive(Debug)]
pub struct Cluster {
    peer: Peer,
    members: Vec<Member>,
}

impl Cluster {
    /// A new cluster: one leads, the others stream.
    pub fn start(replication: Replication) -> Self {
        let peer = Peer::start(match replication {
            Replication::Synchronous => &["patroni"],
            Replication::Asynchronous => &["patroni", "--asynchronous"],
        });
        let list = |name| peer.fact(name).split(',').map(str::to_owned).collect::<Vec<_>>();
        let members = list("hosts")
            .into_iter()
            .zip(list("agents"))
            .zip(list("data"))
            .map(|((host, agent), data)| Member { host, agent: agent.parse().unwrap(), data: data.into() })
            .collect();
        Self { peer, members }
    }

    /// The address of the store's database on all members, password included.
    pub fn url(&self) -> String {
        self.url_of(&(0..self.members.len()).collect::<Vec<_>>())
    }

    /// The same on some members only.
    pub fn url_of(&self, members: &[usize]) -> String {
        let hosts: Vec<&str> = members.iter().map(|&member| &*self.members[member].host).collect();
        let (user, password) = (self.peer.fact("user"), self.peer.fact("password"));
        format!("postgres://{user}:{password}@{}/tongdai", hosts.join(","))
    }

    /// The member that takes writes, if one does.
    pub fn leader(&self) -> Option<usize> {
        (0..self.members.len())
            .find(|&member| self.ask(member, "SELECT pg_is_in_recovery()").as_deref() == Ok("f"))
    }

    /// The members that follow.
    pub fn followers(&self) -> Vec<usize> {
        (0..self.members.len())
            .filter(|&member| self.ask(member, "SELECT pg_is_in_recovery()").as_deref() == Ok("t"))
            .collect()
    }

    /// The superuser's query on one member, in the store's database.
    pub fn ask(&self, member: usize, sql: &str) -> Result<String, String> {
        self.peer.ask(&self.members[member].host, "tongdai", sql)
    }

    /// Kills a member as a power cut does: its agent, its server and every process of it, none of which is asked.
    pub fn kill(&self, member: usize) {
        let Member { agent, data, .. } = &self.members[member];
        signal(*agent, Signal::KILL);
        signal_all(data, Signal::KILL);
        until(Duration::from_secs(5), "the end of a killed server", || {
            postmaster(data).is_none().then_some(())
        });
    }

    /// Stops a follower's receiver: it takes in nothing more and nobody notices.
    pub fn stop_receiving(&self, member: usize) {
        signal(
            self.receiver(member).unwrap_or_else(|| panic!("member {member} receives nothing")),
            Signal::STOP,
        );
    }

    /// Ends a stopped receiver. The signal to end comes before the one to wake, so that it takes in nothing that
    /// waits.
    pub fn end_receiving(&self, member: usize) {
        if let Some(receiver) = self.receiver(member) {
            signal(receiver, Signal::TERM);
            signal(receiver, Signal::CONT);
        }
    }

    fn receiver(&self, member: usize) -> Option<i32> {
        let first = postmaster(&self.members[member].data)?;
        children(first).into_iter().find(|&pid| title(pid).contains("walreceiver"))
    }
}
