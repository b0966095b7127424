package io.sentinelgateway.forward;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.forward.ForwardSettings.RetrySettings;
import java.util.List;

/**
 * Decides whether a failed attempt may be followed by another one. Immutable.
 *
 * <p>What was surely never sent may go again whatever its method. What may have had an effect goes
 * again only for an idempotent method (RFC 9110 section 9.2.2): a proxy must not repeat the others
 * on its own account. A connection that had served before and dies before a byte of the answer is
 * the usual race between our request and the peer's idle timeout; it is retried even where resets
 * of new connections are not.
 */
final class RetryRule {

  static final List<String> WORDS = List.of("connect-failure", "reset", "timeout");

  private final int attempts;
  private final boolean connectFailure;
  private final boolean reset;
  private final boolean timeout;
  private final boolean[] statuses = new boolean[600];

  RetryRule(RetrySettings settings) {
    attempts = settings.attempts();
    connectFailure = settings.on().contains("connect-failure");
    reset = settings.on().contains("reset");
    timeout = settings.on().contains("timeout");
    settings.on().stream()
        .filter(word -> !WORDS.contains(word))
        .forEach(status -> statuses[Integer.parseInt(status)] = true);
  }

  /** Whether one more attempt is allowed by number, after this many. */
  boolean attemptsLeft(int made) {
    return made < attempts;
  }

  /** Whether a failure without an answer may be retried. */
  boolean retries(Cause cause, Progress progress, boolean idempotent, boolean reused) {
    if (progress == Progress.NOTHING_SENT) {
      // Whoever has waited for a connection as long as he may does not wait again.
      return connectFailure && cause != Cause.POOL_TIMEOUT;
    }
    if (!idempotent || progress == Progress.CONTENT_CONSUMED) {
      return false;
    }
    return switch (cause) {
      case UPSTREAM_RESET -> reset || reused;
      case UPSTREAM_TIMEOUT -> timeout;
      default -> false;
    };
  }

  /** Whether an answer with this status may be replaced by another attempt's. */
  boolean retriesStatus(int status, Progress progress, boolean idempotent) {
    return idempotent
        && progress != Progress.CONTENT_CONSUMED
        && status < statuses.length
        && statuses[status];
  }

  /** RFC 9110 section 9.2.2. */
  static boolean idempotent(String method) {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
      default -> false;
    };
  }

  /** How far an attempt came. */
  enum Progress {
    /** No byte of the request left this gateway. */
    NOTHING_SENT,
    /** The head may have been seen by the origin; the content, if any, is still ours. */
    HEAD_SENT,
    /** Content went out and is not kept: it cannot be sent a second time. */
    CONTENT_CONSUMED
  }
}
