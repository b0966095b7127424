package io.sentinelgateway.exchange;

import io.sentinelgateway.error.ProxyError;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an exchange for the access log and the metrics. Plain mutable fields: it is
 * written on one event loop by whoever knows the fact, read once when the exchange has ended. Times
 * are {@link Loop#nanoTime()}; 0 means that the moment never came.
 */
public final class ExchangeRecord {

  public String requestId = "";
  public String listener = "";
  public @Nullable String route;
  public @Nullable String upstream;
  public @Nullable String target;
  public @Nullable ProxyError error;

  /** Why there was no further attempt though the route asks for one. */
  public @Nullable RetryObstacle notRetried;

  /** How a second attempt beside the first one ended, if there was one. */
  public @Nullable HedgeResult hedge;

  /** Why the tunnel ended that the connection became, if it did. */
  public @Nullable TunnelEnd tunnelEnd;

  public int status;
  public int attempts;
  public long requestBytes;
  public long responseBytes;

  /** How long agents were waited for, all questions together; a duration, no moment. */
  public long agentNanos;

  /** The request's head was read. */
  public long startedNanos;

  /** A connection to the origin was ours (last attempt). */
  public long connectedNanos;

  /** The request was written to its last byte (last attempt). */
  public long sentNanos;

  /** The head of the origin's answer was read (last attempt). */
  public long answeredNanos;

  /** The head of the answer was written to the client. */
  public long headNanos;

  /** The last byte was written, or the exchange was given up. */
  public long endedNanos;

  /** It is logged and counted; a second end of the same exchange is none. */
  public boolean recorded;
}
