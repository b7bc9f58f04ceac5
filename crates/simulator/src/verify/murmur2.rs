//! The partition of a key, as a Java producer's default partitioner finds it
//! (`org.apache.kafka.common.utils.Utils.murmur2`). Written out here on purpose: the proof must not ask the
//! library that did the publishing.

const MULTIPLIER: u32 = 0x5bd1_e995;
const SEED: u32 = 0x9747_b28c;

/// The partition of `key` in a topic of `partitions` partitions.
pub fn partition(key: &[u8], partitions: u32) -> u32 {
    (murmur2(key) & 0x7fff_ffff) % partitions.max(1)
}

/// The 32-bit hash of `key`, with the seed that Kafka uses.
fn murmur2(key: &[u8]) -> u32 {
    // Java's length is an int, and the arithmetic is modulo 2^32.
    #[expect(clippy::cast_possible_truncation)]
    let mut hash = SEED ^ key.len() as u32;
    let (words, rest) = key.as_chunks::<4>();
    for word in words {
        let mixed = u32::from_le_bytes(*word).wrapping_mul(MULTIPLIER);
        let mixed = (mixed ^ (mixed >> 24)).wrapping_mul(MULTIPLIER);
        hash = hash.wrapping_mul(MULTIPLIER) ^ mixed;
    }
    if !rest.is_empty() {
        let tail = rest.iter().rev().fold(0, |tail, byte| (tail << 8) | u32::from(*byte));
        hash = (hash ^ tail).wrapping_mul(MULTIPLIER);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(MULTIPLIER);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_of_kafkas_own_tests() {
        // From Kafka's UtilsTest.testMurmur2.
        let cases = [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ];
        for (key, hash) in cases {
            assert_eq!(murmur2(key.as_bytes()).cast_signed(), hash, "{key}");
        }
    }

    #[test]
    fn the_partition_is_the_one_of_the_java_client() {
        // From kafka-clients 4.3.0: Utils.toPositive(Utils.murmur2(key)) % 12, and % 7.
        let cases = [
            ("", 9, 2),
            ("44444444", 10, 2),
            ("8613800000017", 10, 3),
            ("张三", 7, 2),
            ("😀", 9, 0),
            ("مستخدم", 4, 1),
            ("👨‍👩‍👧‍👦", 3, 3),
            ("\0a", 8, 6),
            ("é", 3, 4),
        ];
        for (key, of_12, of_7) in cases {
            assert_eq!((partition(key.as_bytes(), 12), partition(key.as_bytes(), 7)), (of_12, of_7), "{key}");
        }
    }
}
