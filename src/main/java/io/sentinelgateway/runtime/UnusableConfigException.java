package io.sentinelgateway.runtime;

/**
 * A part of a configuration is well-formed but cannot be built, such as a class that is missing.
 */
public final class UnusableConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String path;

  UnusableConfigException(String path, IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
    this.path = path;
  }

  /** The key, dotted. */
  public String path() {
    return path;
  }
}
