package io.sentinelgateway.observe;

import io.sentinelgateway.error.ProxyError;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a connection that is passed through, for the access log and the metrics.
 * Plain mutable fields: written on one event loop, read once when the connection has ended. Times
 * are monotonic; 0 means that the moment never came.
 */
public final class PassageRecord {

  public String listener = "";

  /** What the client asked for by TLS; {@code null} when nobody looked, or it asked for nothing. */
  public @Nullable String serverName;

  public @Nullable String upstream;
  public @Nullable String target;
  public int attempts;
  public long bytesFromClient;
  public long bytesFromOrigin;

  /** Why it was refused; {@code null} when it was not. */
  public @Nullable Refusal refusal;

  /** How it ended; {@code null} when it was refused. */
  public @Nullable PassageEnd end;

  /** Why there was no connection to an origin server. */
  public @Nullable ProxyError error;

  public long startedNanos;
  public long connectedNanos;
  public long endedNanos;

  /** In the words of the access log. */
  String reason() {
    if (refusal != null) {
      return refusal.word();
    }
    if (error != null) {
      return error.code();
    }
    return end == null ? "" : end.word();
  }
}
