package io.sentinelgateway.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A value that is never printed. In YAML {@code file:/path} reads it from a file (a trailing line
 * end is dropped); anything else is the value itself. Immutable.
 */
public final class Secret {

  /** What stands in place of a secret wherever a configuration is shown. */
  public static final String MASK = "*****";

  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  /**
   * Reads the file of {@code file:/path}, or takes the text itself. Blocking.
   *
   * @throws IllegalArgumentException when the file cannot be read or there is no value
   */
  public static Secret parse(String text) {
    return SecretFiles.read(text);
  }

  /** The value; for the one place that sends or compares it. */
  public String reveal() {
    return value;
  }

  /** Compares in time that does not depend on where the two differ. */
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(
        value.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && matches(secret.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return MASK;
  }
}
