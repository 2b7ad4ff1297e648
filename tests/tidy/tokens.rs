//! Splits a source into words and signs, without comments, strings and characters: enough to find its paths.

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'t> {
    /// A name or keyword.
    Word(&'t str),
    /// `::`, or any other single sign.
    Sign(&'t str),
}

impl Token<'_> {
    /// As it is written.
    pub const fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Sign(text) => text,
        }
    }
}

/// The tokens of a text.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = raw_text(rest) {
            length
        } else if first == '"' {
            1 + closing(&rest[1..], '"')
        } else if let Some(length) = letter(rest) {
            length
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            found.push(Token::Word(&rest[..end]));
            end
        } else if rest.starts_with("::") {
            found.push(Token::Sign("::"));
            2
        } else {
            if !first.is_whitespace() {
                found.push(Token::Sign(&rest[..first.len_utf8()]));
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// The length of `r"…"` or `r#"…"#` at the start.
fn raw_text(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = body.find(&end)? + end.len();
    Some(rest.len() - body.len() + length)
}

/// The length of `'x'` at the start; none for a lifetime.
fn letter(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    let mut letters = body.chars();
    if letters.next()? == '\\' {
        return Some(1 + closing(body, '\''));
    }
    (letters.next()? == '\'').then(|| rest.len() - letters.as_str().len())
}

/// How far it is past the sign that ends a text or letter, escapes passed over.
fn closing(body: &str, end: char) -> usize {
    let mut escaped = false;
    for (at, sign) in body.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            sign if sign == end => return at + end.len_utf8(),
            _ => {}
        }
    }
    body.len()
}
