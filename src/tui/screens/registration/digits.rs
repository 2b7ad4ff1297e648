//! Digits five rows high, for the number of a seat, which must be readable from a distance.

/// Each digit as five rows of three cells, from the highest bit.
const SHAPES: [[u8; 5]; 10] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
];

/// A number as five rows of blocks, each cell two columns wide; a minus sign is not drawn.
pub fn big(number: i64) -> [String; 5] {
    let digits: Vec<usize> =
        number.unsigned_abs().to_string().bytes().map(|b| usize::from(b - b'0')).collect();
    std::array::from_fn(|row| {
        let rows: Vec<String> = digits.iter().map(|digit| cells(SHAPES[*digit][row])).collect();
        rows.join("  ")
    })
}

fn cells(bits: u8) -> String {
    [0b100, 0b010, 0b001].iter().map(|bit| if bits & bit == 0 { "  " } else { "██" }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn every_row_of_a_number_is_equally_wide() {
        for number in [0, 7, 214, 500, 1_234_567_890] {
            let rows = big(number);
            assert!(rows.iter().all(|row| row.width() == rows[0].width()), "{number}");
        }
        assert_eq!(big(17)[0], "  ██    ██████");
    }
}
