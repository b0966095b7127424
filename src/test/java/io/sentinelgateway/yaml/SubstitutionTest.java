package io.sentinelgateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubstitutionTest {

  private final Substitution substitution =
      new Substitution(
          name -> Optional.ofNullable(Map.of("A", "1", "B_2", "${A}", "EMPTY", "").get(name)));

  @ParameterizedTest
  @CsvSource({
    "${A}, 1",
    "x${A}y${A}z, x1y1z",
    "${MISSING:-default}, default",
    "${A:-default}, 1",
    "${MISSING:-}x, x",
    "${EMPTY:-default}x, x",
    "$${A}, ${A}",
    "$$${A}, $${A}",
    "$A $5 $, $A $5 $",
    "{A}, {A}",
  })
  void replacesVariables(String text, String expected) {
    assertThat(substitution.apply(text)).isEqualTo(expected);
  }

  @Test
  void doesNotLookAgainAtWhatCameOut() {
    assertThat(substitution.apply("${B_2}")).isEqualTo("${A}");
  }

  @Test
  void namesEveryVariableThatIsNotSet() {
    assertThatThrownBy(() -> substitution.apply("${X}${A}${Y}"))
        .hasMessageContaining("X is not set")
        .hasMessageContaining("Y is not set");
  }
}
