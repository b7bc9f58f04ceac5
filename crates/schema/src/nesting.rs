//! The stack of open arrays and objects, one bit each, so that a body of nothing but brackets costs an eighth
//! of its size and no stack of the thread.

const BITS: usize = u64::BITS as usize;

/// The two kinds of JSON value that hold others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Array,
    Object,
}

/// The open containers, the innermost last.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    /// A set bit is an object.
    words: Vec<u64>,
    depth: usize,
}

impl Nesting {
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    pub(crate) fn innermost(&self) -> Option<Container> {
        let word = self.words.last()?;
        let bit = word >> ((self.depth - 1) % BITS) & 1;
        Some(if bit == 1 { Container::Object } else { Container::Array })
    }

    pub(crate) fn push(&mut self, container: Container) {
        let place = self.depth % BITS;
        let bit = u64::from(container == Container::Object) << place;
        match self.words.last_mut() {
            Some(word) if place > 0 => *word = *word & !(1 << place) | bit,
            _ => self.words.push(bit),
        }
        self.depth += 1;
    }

    /// Closes the innermost container.
    pub(crate) fn pop(&mut self) {
        self.depth -= 1;
        if self.depth.is_multiple_of(BITS) {
            self.words.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_come_back_in_reverse_order_across_words() {
        let kind = |n: usize| if n.is_multiple_of(3) { Container::Object } else { Container::Array };
        let mut nesting = Nesting::default();
        for round in 0..2 {
            for n in 0..200 {
                nesting.push(kind(n + round));
            }
            for n in (0..200).rev() {
                assert_eq!(nesting.depth(), n + 1);
                assert_eq!(nesting.innermost(), Some(kind(n + round)));
                nesting.pop();
            }
            assert_eq!(nesting.innermost(), None);
        }
    }
}
