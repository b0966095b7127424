package io.sentinelgateway.target;

/**
 * The origin server has said that it did nothing about a request (RFC 9113 section 8.7), so that it
 * may be sent again whatever its method. Control flow, without a stack trace.
 */
public final class UnprocessedException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param reason for the log
   */
  public UnprocessedException(String reason) {
    super(reason, null, false, false);
  }
}
