package io.sentinelgateway.health;

import java.io.Serial;

/** A target answered a check, but not as expected. */
final class FailedCheckException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  /**
   * @param message what was found, for people
   */
  FailedCheckException(String message) {
    super(message, null, false, false);
  }
}
