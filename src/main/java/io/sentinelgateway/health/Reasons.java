package io.sentinelgateway.health;

import java.net.UnknownHostException;

/** What was wrong with a check, in a short text of one line. Stateless. */
final class Reasons {

  private static final int MAX_CHARACTERS = 200;

  private Reasons() {}

  static String of(Throwable failure) {
    String message = failure.getMessage();
    String text =
        failure instanceof FailedCheckException && message != null
            ? message
            : failure instanceof UnknownHostException
                ? "unknown host"
                : failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    String line = text.replaceAll("[\\p{Cntrl}]+", " ");
    return line.length() > MAX_CHARACTERS ? line.substring(0, MAX_CHARACTERS) + "…" : line;
  }
}
