package io.sentinelgateway.schema;

import java.math.BigDecimal;

/** A share from 0 to 1, written {@code 20%} or {@code 0.5%}. */
@Syntax(
    expected = "a percentage, such as 20%, up to 100%",
    pattern = "^[0-9]{1,3}(\\.[0-9]{1,6})?%$",
    example = "20%")
public record Percent(double share) implements Comparable<Percent> {

  public Percent {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(share * 100 + "% (expected: 0% to 100%)");
    }
  }

  /**
   * @throws IllegalArgumentException unless the text is a number from 0 to 100 and a percent sign
   */
  public static Percent parse(String text) {
    if (text.matches("[0-9]{1,3}(\\.[0-9]{1,6})?%")) {
      double percent = Double.parseDouble(text.substring(0, text.length() - 1));
      if (percent <= 100) {
        return new Percent(percent / 100);
      }
    }
    throw new IllegalArgumentException(text + " (expected: a percentage, such as 20%, up to 100%)");
  }

  @Override
  public int compareTo(Percent other) {
    return Double.compare(share, other.share);
  }

  @Override
  public String toString() {
    // Decimal all the way: 0.07 * 100 is not 7 in binary.
    BigDecimal percent = BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros();
    return percent.toPlainString() + "%";
  }
}
