package io.sentinelgateway.source;

/**
 * One file of a configuration.
 *
 * @param name as the user named it, for messages
 * @param text its whole content
 */
public record SourceText(String name, String text) {

  /** Longest text, in characters; a file is refused by its length in bytes. */
  public static final int MAX_CHARACTERS = 8 * 1024 * 1024;

  /** The message about a text that is longer. */
  public static final String TOO_LARGE = "too large (expected: at most 8 MiB)";
}
