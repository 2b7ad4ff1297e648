//! Generates invented people by seed: for the sample list, the demo and the benchmarks. The same seed gives the same
//! people in the same order; no two of one seed share a number, up to [`DISTINCT`] of them.
//!
//! Names are drawn from common Vietnamese surnames, middle and given names; a real person of the same name
//! is a coincidence. Numbers are MobiFone prefixes with drawn digits.

use crate::domain::name::Salutation;
use crate::domain::phone::PhoneNumber;

/// People of one seed before numbers repeat.
pub const DISTINCT: u64 = PREFIXES.len() as u64 * SPAN;

const SPAN: u64 = 10_000_000;
/// National prefixes without the zero.
const PREFIXES: [u64; 8] = [70, 76, 77, 78, 79, 89, 90, 93];
/// Coprime to [`DISTINCT`], so that counting in this step meets every number once.
const STEP: u64 = 48_271_393;

const SURNAMES: [&str; 24] = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
    "Dương", "Lý", "Đào", "Đoàn", "Vương", "Trịnh", "Trương", "Đinh", "Lâm", "Mai",
];
const MALE_MIDDLE: [&str; 14] = [
    "Văn", "Hữu", "Đức", "Công", "Quang", "Minh", "Đình", "Xuân", "Thành", "Ngọc", "Anh", "Quốc", "Gia",
    "Trọng",
];
const MALE_GIVEN: [&str; 30] = [
    "Hùng", "Dũng", "Tuấn", "Cường", "Nam", "Hải", "Long", "Sơn", "Thắng", "Minh", "Hiếu", "Đạt", "Phúc",
    "Khánh", "Bình", "Quân", "Huy", "Kiên", "Trung", "Tùng", "Thịnh", "Vinh", "Khoa", "Lâm", "Phong", "Toàn",
    "Việt", "Đức", "Giang", "Nghĩa",
];
const FEMALE_MIDDLE: [&str; 14] = [
    "Thị", "Ngọc", "Thu", "Thanh", "Minh", "Phương", "Hồng", "Kim", "Mai", "Bích", "Thuỳ", "Diệu", "Khánh",
    "Quỳnh",
];
const FEMALE_GIVEN: [&str; 30] = [
    "Hoa",
    "Lan",
    "Hương",
    "Mai",
    "Linh",
    "Trang",
    "Hà",
    "Thảo",
    "Nga",
    "Hạnh",
    "Ngọc",
    "Yến",
    "Thuý",
    "Dung",
    "Hằng",
    "Loan",
    "Oanh",
    "Vân",
    "Nhung",
    "Ánh",
    "Châu",
    "Giang",
    "Hoà",
    "Huyền",
    "Liên",
    "My",
    "Như",
    "Phượng",
    "Tuyết",
    "Xuân",
];
const PROVINCES: [&str; 7] =
    ["Hải Phòng", "Quảng Ninh", "Hưng Yên", "Bắc Ninh", "Lạng Sơn", "Thái Nguyên", "Ninh Bình"];
/// Out of sixteen people: most of the list lives where the programme runs.
const PROVINCE_OF: [usize; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6];

/// An invented person.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Full name, NFC.
    pub name: String,
    /// How agents address them.
    pub salutation: Salutation,
    /// A mobile number of the seed's own.
    pub phone: PhoneNumber,
    /// Where they live.
    pub province: &'static str,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(…)")
    }
}

/// A stream of numbers by seed (SplitMix64): the same on every machine, no secret.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        let drawn = self.next();
        if bound == 0 { 0 } else { drawn % bound }
    }

    /// One of some; the first kind that is there when there are none is for the caller to exclude.
    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.below(of.len() as u64) as usize).copied().unwrap_or_default()
    }
}

/// The people of a seed, without end.
#[derive(Debug, Clone)]
pub struct People {
    dice: Dice,
    number: u64,
}

/// The people of a seed.
pub fn people(seed: u64) -> People {
    let mut dice = Dice::new(seed);
    let number = dice.below(DISTINCT);
    People { dice, number }
}

impl Iterator for People {
    type Item = Person;

    fn next(&mut self) -> Option<Person> {
        self.number = (self.number + STEP) % DISTINCT;
        let prefix = PREFIXES[(self.number / SPAN) as usize];
        let phone =
            PhoneNumber::from_digits((84 * 1_000_000_000 + prefix * SPAN + self.number % SPAN) as i64)?;
        let dice = &mut self.dice;
        let woman = dice.below(2) == 0;
        let (middle, given) =
            if woman { (&FEMALE_MIDDLE, &FEMALE_GIVEN) } else { (&MALE_MIDDLE, &MALE_GIVEN) };
        let surname = dice.pick(&SURNAMES);
        let first = dice.pick(middle);
        let second = if dice.below(4) == 0 { dice.pick(middle) } else { "" };
        let given = dice.pick(given);
        let name = if second.is_empty() || second == first {
            format!("{surname} {first} {given}")
        } else {
            format!("{surname} {first} {second} {given}")
        };
        let salutation = match (woman, dice.below(10)) {
            (true, 0..=5) => Salutation::Chi,
            (true, 6 | 7) => Salutation::Co,
            (true, 8) => Salutation::Bac,
            (true, _) => Salutation::Ba,
            (false, 0..=5) => Salutation::Anh,
            (false, 6 | 7) => Salutation::Chu,
            (false, 8) => Salutation::Bac,
            (false, _) => Salutation::Ong,
        };
        let province = PROVINCES[PROVINCE_OF[dice.below(16) as usize]];
        Some(Person { name, salutation, phone, province })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::name::PersonName;
    use std::collections::HashSet;

    #[test]
    fn a_seed_gives_the_same_people_and_no_number_twice() {
        let first: Vec<Person> = people(9090).take(50_000).collect();
        let again: Vec<Person> = people(9090).take(50_000).collect();
        assert!(first == again);
        let phones: HashSet<i64> = first.iter().map(|person| person.phone.digits()).collect();
        assert_eq!(phones.len(), first.len());
        assert!(first[..100] != people(1).take(100).collect::<Vec<_>>()[..]);
    }

    #[test]
    fn counting_in_steps_meets_every_number_before_one_returns() {
        const fn gcd(a: u64, b: u64) -> u64 {
            if b == 0 { a } else { gcd(b, a % b) }
        }
        assert_eq!(gcd(STEP, DISTINCT), 1);
    }

    #[test]
    fn people_have_clean_names_and_mobifone_numbers() {
        for person in people(7).take(5_000) {
            assert_eq!(PersonName::parse(&person.name).unwrap().as_str(), person.name);
            assert_eq!(person.phone.carrier_hint(), Some(crate::domain::phone::Carrier::MobiFone));
        }
    }
}
