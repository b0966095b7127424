package io.sentinelgateway.runtime;

import io.sentinelgateway.schema.Problems;

/**
 * A part of a configuration is well-formed but cannot be built, such as a class that is missing.
 */
public final class UnusableConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String section;
  private final String id;

  /**
   * @param section key of the map that the part stands in: {@code routes}
   */
  UnusableConfigException(String section, String id, IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
    this.section = section;
    this.id = id;
  }

  /** The key, dotted. */
  public String path() {
    return section + "." + id;
  }

  /** Adds what is wrong at the part's place. */
  public void report(Problems problems) {
    problems.at(section).at(id).error(String.valueOf(getMessage()));
  }
}
