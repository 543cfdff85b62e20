//! Counts words of a text that comes in pieces, cut anywhere.

#[derive(Default)]
pub struct WordCount {
    words: u64,
    inside: bool,
}

impl WordCount {
    pub fn add(&mut self, chunk: &[u8]) {
        for byte in chunk {
            let inside = !byte.is_ascii_whitespace();
            self.words += u64::from(inside && !self.inside);
            self.inside = inside;
        }
    }

    pub fn words(&self) -> u64 {
        self.words
    }
}

#[cfg(test)]
mod tests {
    use super::WordCount;

    #[test]
    fn counts_the_same_however_the_text_is_cut() {
        let text = b" one  two\nthree ";
        for cut in 0..=text.len() {
            let mut count = WordCount::default();
            count.add(&text[..cut]);
            count.add(&text[cut..]);
            assert_eq!(count.words(), 3, "cut at {cut}");
        }
    }

    #[test]
    fn finds_none_in_nothing() {
        let mut count = WordCount::default();
        count.add(b" \n\t");
        assert_eq!(count.words(), 0);
    }
}
