package io.sentinelgateway.forward;

import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.RetryObstacle;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a failed attempt may be followed by another one. Immutable.
 *
 * <p>What was surely never sent may go again whatever its method. What may have had an effect goes
 * again only for an idempotent method (RFC 9110 section 9.2.2): a proxy must not repeat the others
 * on its own account, unless it was told that it may. A connection that had served before and dies
 * before a byte of the answer is the usual race between our request and the peer's idle timeout; it
 * has a word of its own, because it may be retried where resets of new connections are not.
 */
final class RetryRule {

  private static final Set<String> FAILURES =
      Set.of("connect-failure", "stale-connection", "refused-stream", "reset", "timeout");

  /** Those that say nothing about the request: another try may well succeed. */
  private static final Map<String, String> GRPC_STATUSES =
      Map.of(
          "grpc-cancelled", "1",
          "grpc-deadline-exceeded", "4",
          "grpc-resource-exhausted", "8",
          "grpc-internal", "13",
          "grpc-unavailable", "14");

  private final int attempts;
  private final boolean nonIdempotent;
  private final boolean connectFailure;
  private final boolean staleConnection;
  private final boolean refusedStream;
  private final boolean reset;
  private final boolean timeout;
  private final boolean[] statuses = new boolean[600];
  private final Set<String> grpcStatuses = new TreeSet<>();

  RetryRule(RetrySettings settings) {
    attempts = settings.attempts();
    nonIdempotent = settings.nonIdempotent();
    connectFailure = settings.on().contains("connect-failure");
    staleConnection = settings.on().contains("stale-connection");
    refusedStream = settings.on().contains("refused-stream");
    reset = settings.on().contains("reset");
    timeout = settings.on().contains("timeout");
    for (String word : settings.on()) {
      if (GRPC_STATUSES.containsKey(word)) {
        grpcStatuses.add(GRPC_STATUSES.get(word));
      } else if (!FAILURES.contains(word)) {
        statuses[Integer.parseInt(word)] = true;
      }
    }
  }

  /** Whether settings may contain this word. */
  static boolean knows(String word) {
    return FAILURES.contains(word)
        || GRPC_STATUSES.containsKey(word)
        || word.matches("429|5[0-9][0-9]");
  }

  /** The words that settings may contain beside statuses. */
  static String words() {
    return String.join(", ", new TreeSet<>(FAILURES))
        + ", "
        + String.join(", ", new TreeSet<>(GRPC_STATUSES.keySet()));
  }

  /** Whether one more attempt is allowed by number, after this many. */
  boolean attemptsLeft(int made) {
    return made < attempts;
  }

  /** Whether a request with this method may be sent again though it may have had an effect. */
  boolean repeats(String method) {
    return nonIdempotent || idempotent(method);
  }

  /** Whether any request may be sent again because it was refused without an effect. */
  boolean refusable(OriginProtocol protocol) {
    return refusedStream && protocol != OriginProtocol.HTTP1;
  }

  /**
   * Whether a failure without an answer may be followed by another attempt.
   *
   * @param repeatable whether the request {@link #repeats}
   * @param reused the connection had served before
   */
  Verdict onFailure(Cause cause, Progress progress, boolean repeatable, boolean reused) {
    if (progress == Progress.NOTHING_SENT) {
      // Whoever has waited for a connection as long as he may does not wait again.
      boolean again = connectFailure && cause != Cause.POOL_TIMEOUT;
      return again || (timeout && cause == Cause.UPSTREAM_TIMEOUT) ? Verdict.RETRY : Verdict.FINAL;
    }
    if (cause == Cause.STREAM_REFUSED && refusedStream) {
      // Whatever its method: the origin server has said that it did nothing (RFC 9113 section 8.7).
      return sentBefore(progress, true);
    }
    boolean wanted =
        switch (cause) {
          case UPSTREAM_RESET -> reset || (reused && staleConnection);
          case UPSTREAM_TIMEOUT -> timeout;
          default -> false;
        };
    return wanted ? sentBefore(progress, repeatable) : Verdict.FINAL;
  }

  /** Whether an answer may be replaced by another attempt's. */
  Verdict onAnswer(int status, MultiMap fields, Progress progress, boolean repeatable) {
    boolean wanted = status < statuses.length && statuses[status];
    if (!wanted && !grpcStatuses.isEmpty()) {
      // An answer of gRPC without content: its trailers stand in the head.
      String grpc = fields.get("grpc-status");
      wanted = grpc != null && grpcStatuses.contains(grpc);
    }
    return wanted ? sentBefore(progress, repeatable) : Verdict.FINAL;
  }

  private static Verdict sentBefore(Progress progress, boolean repeatable) {
    if (!repeatable) {
      return Verdict.METHOD;
    }
    return progress == Progress.CONTENT_CONSUMED ? Verdict.CONTENT : Verdict.RETRY;
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
    /** The head may have been seen by the origin; the content, if any, can be sent again. */
    HEAD_SENT,
    /** Content went out and is not kept: it cannot be sent a second time. */
    CONTENT_CONSUMED
  }

  /** Whether there is another attempt; if the settings want one, what speaks against it. */
  enum Verdict {
    RETRY(null),
    /** Not among what the settings retry. */
    FINAL(null),
    METHOD(RetryObstacle.METHOD),
    CONTENT(RetryObstacle.CONTENT),
    BUDGET(RetryObstacle.BUDGET),
    RETRY_AFTER(RetryObstacle.RETRY_AFTER);

    private final @Nullable RetryObstacle obstacle;

    Verdict(@Nullable RetryObstacle obstacle) {
      this.obstacle = obstacle;
    }

    /** What the log says; {@code null} when there is nothing to explain. */
    @Nullable RetryObstacle obstacle() {
      return obstacle;
    }
  }
}
