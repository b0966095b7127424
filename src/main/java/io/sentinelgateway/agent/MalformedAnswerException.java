package io.sentinelgateway.agent;

/** An agent said something that the protocol does not know. The message is for the log. */
final class MalformedAnswerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  MalformedAnswerException(String message) {
    super(message, null, false, false);
  }
}
