package io.sentinelgateway.handover;

/** A process cannot be followed by another one; the message says why, for people. */
public final class HandoverException extends Exception {

  private static final long serialVersionUID = 1L;

  public HandoverException(String message) {
    super(message);
  }

  HandoverException(String message, Throwable cause) {
    super(message, cause);
  }
}
