package io.sentinelgateway.schema;

/** A number of bytes, written with a binary unit: {@code 512B}, {@code 32KiB}, {@code 1MiB}. */
@Syntax(
    expected = "a size with a unit, such as 512B, 32KiB or 1MiB",
    pattern = "^[0-9]{1,12} *(B|KiB|MiB|GiB|TiB)$",
    example = "1MiB")
public record ByteSize(long bytes) implements Comparable<ByteSize> {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException(bytes + " bytes (expected: 0 or more)");
    }
  }

  /**
   * @throws IllegalArgumentException unless the text is a whole number and a unit
   */
  public static ByteSize parse(String text) {
    for (int i = UNITS.length - 1; i >= 0; i--) {
      if (text.endsWith(UNITS[i])) {
        String digits = text.substring(0, text.length() - UNITS[i].length()).strip();
        if (digits.matches("[0-9]{1,12}")) {
          return new ByteSize(Math.multiplyExact(Long.parseLong(digits), 1L << (10 * i)));
        }
        break;
      }
    }
    throw new IllegalArgumentException(
        text + " (expected: a size with a unit, such as 512B, 32KiB or 1MiB)");
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    int unit = 0;
    long rest = bytes;
    while (unit < UNITS.length - 1 && rest != 0 && rest % 1024 == 0) {
      rest /= 1024;
      unit++;
    }
    return rest + UNITS[unit];
  }
}
