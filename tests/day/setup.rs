//! Sets up a small simulated store by the program's own commands; its time is 08:20 on the second day of the
//! programme.

#![expect(clippy::unwrap_used, reason = "a store that cannot be set up has failed the test")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const STAFF: [(&str, &str, &str); 6] = [
    ("lan", "Lan", "agent"),
    ("minh", "Minh", "agent"),
    ("ha", "Hà", "supervisor"),
    ("nga", "Nga", "fanpage_admin"),
    ("thu", "Thu", "intake"),
    ("quan", "Quân", "vinmec_lead"),
];

const DOCTORS: &str = "name,titles,licence,departments,shifts
Trịnh Thị Mai,ThS.BS,000412/HP-CCHN,noi_tong_hop,\"2026-12-02 08:00-11:30; 2026-12-02 13:30-17:00\"
";

const LIST: &str = "phone,name,type,charge,province,salutation
0904123401,Nguyễn Văn Hùng,trả sau,412000,Hải Phòng,anh
0904123402,Trần Thị Hoa,trả sau,350000,Hải Phòng,chị
0904123403,Lê Hoà,trả sau,999000,Hải Phòng,chị
";

const MORNING: &str = r#"{"as":"ha","at":"2026-12-02T08:20:00+07:00","command":{"resume":{}}}
"#;

/// A store and the folder it lives in.
pub struct Hospital {
    folder: TempDir,
}

impl Hospital {
    /// Sets everything up.
    pub fn open() -> Self {
        let hospital = Self { folder: tempfile::tempdir().unwrap() };
        hospital.run(
            &["init", "--simulated", "--quota", "5", "--from", "2026-12-01", "--to", "2026-12-15"]
                .into_iter()
                .chain(["--consult-until", "2026-12-31", "--handbook-until", "2027-01-31"])
                .collect::<Vec<_>>(),
        );
        for (id, name, role) in STAFF {
            hospital.run(&["staff", "add", id, "--name", name, "--role", role]);
        }
        hospital.run(&["import", "doctors", &hospital.file("doctors.csv", DOCTORS)]);
        let role = ["staff", "add", "bs_mai", "--name", "Bác sĩ Mai", "--role", "doctor", "--doctor", "1"];
        hospital.run(&role);
        let list = hospital.file("list.csv", LIST);
        let evidence = ["--opt-in-evidence", "contract clause 7"];
        let sent = ["--sms-sent-at", "2026-11-20T09:15:00+07:00"];
        hospital.run(&[&["import", "customers", &list], &evidence[..], &sent[..]].concat());
        hospital.run(&["exec", &hospital.file("morning.jsonl", MORNING)]);
        let register = hospital.file("register.csv", "phone\n0904999111\n");
        hospital.run(&["import", "do-not-call", &register, "--as-of", "2026-12-01"]);
        hospital
    }

    /// The store.
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("day.db")
    }

    /// Whether every invariant of the store holds.
    pub fn is_sound(&self) -> bool {
        self.try_run(&["check"]).status.success()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        path.display().to_string()
    }

    fn try_run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tongdai"))
            .arg("--store")
            .arg(self.store())
            .args(args)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn run(&self, args: &[&str]) {
        let output = self.try_run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
