package io.sentinelgateway.spread;

/**
 * Hashes of keys, the same in every process: FNV-1a over the characters, then the finaliser of
 * MurmurHash3, which lets every bit of the one reach every bit of the other. They are quick and
 * spread well; they hide nothing.
 */
public final class KeyHash {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private KeyHash() {}

  /** The hash of a text. */
  public static long of(CharSequence key) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * FNV_PRIME;
    }
    return mix(hash);
  }

  /** Another hash for each number, in no visible relation to it. */
  public static long mix(long number) {
    long hash = number;
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
