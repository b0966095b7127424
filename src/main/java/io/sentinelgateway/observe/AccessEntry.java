package io.sentinelgateway.observe;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.ClientCertificate;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.exchange.HedgeResult;
import io.sentinelgateway.exchange.RetryObstacle;
import io.sentinelgateway.exchange.TunnelEnd;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * What one access log line will say: a snapshot, filled on an event loop, read by the writer, then
 * used again. It belongs to whoever took it from the queue last; the queue orders the two.
 *
 * <p>Nothing is formatted here. Text that a client or an origin server chose is cut, because a line
 * that waits must not hold a header section of 32 KiB; cutting allocates only when somebody sends
 * too much.
 */
final class AccessEntry {

  static final int MAX_TARGET = 2048;
  static final int MAX_REFERER = 1024;
  static final int MAX_USER_AGENT = 512;
  static final int MAX_WORD = 256;
  private static final String CUT = "…";

  long endedMillis;
  String method = "";
  String target = "";
  @Nullable String host;
  @Nullable String userAgent;
  @Nullable String referer;
  @Nullable HttpVersion protocol;
  @Nullable String client;
  @Nullable String peer;
  @Nullable String subject;

  String requestId = "";
  String listener = "";
  @Nullable String route;
  @Nullable String upstream;
  @Nullable String server;
  @Nullable RetryObstacle notRetried;
  @Nullable HedgeResult hedge;
  @Nullable TunnelEnd tunnelEnd;
  @Nullable ProxyError error;

  /** True for a connection that was passed through; {@code host} is the server name then. */
  boolean passed;

  /** How such a connection ended. */
  String reason = "";

  int status;
  int attempts;
  long requestBytes;
  long responseBytes;
  long agentNanos;
  long startedNanos;
  long connectedNanos;
  long sentNanos;
  long answeredNanos;
  long headNanos;
  long endedNanos;

  void request(String asked, String askedTarget, @Nullable HttpVersion version, Client from) {
    method = bounded(asked, MAX_WORD);
    target = bounded(askedTarget, MAX_TARGET);
    protocol = version;
    client(from);
  }

  /** Nothing could be read but who connected. */
  void unread(Client from) {
    method = "";
    target = "";
    client(from);
  }

  private void client(Client from) {
    client = from.addressText();
    peer = from.peerText();
    ClientCertificate shown = from.certificate();
    subject = shown == null ? null : bounded(shown.subject(), MAX_WORD);
  }

  void fields(@Nullable String authority, @Nullable String agent, @Nullable String refererField) {
    host = boundedOrNull(authority, MAX_WORD);
    userAgent = boundedOrNull(agent, MAX_USER_AGENT);
    referer = boundedOrNull(refererField, MAX_REFERER);
  }

  void record(ExchangeRecord from, long nowMillis) {
    endedMillis = nowMillis;
    requestId = bounded(from.requestId, MAX_WORD);
    listener = from.listener;
    route = from.route;
    upstream = from.upstream;
    server = boundedOrNull(from.target, MAX_WORD);
    error = from.error;
    status = from.status;
    attempts = from.attempts;
    agentNanos = from.agentNanos;
    notRetried = from.notRetried;
    hedge = from.hedge;
    tunnelEnd = from.tunnelEnd;
    requestBytes = from.requestBytes;
    responseBytes = from.responseBytes;
    startedNanos = from.startedNanos;
    connectedNanos = from.connectedNanos;
    sentNanos = from.sentNanos;
    answeredNanos = from.answeredNanos;
    headNanos = from.headNanos;
    endedNanos = from.endedNanos;
  }

  /** A connection whose bytes were passed on. */
  void passage(Client from, PassageRecord record, long nowMillis) {
    unread(from);
    passed = true;
    endedMillis = nowMillis;
    listener = record.listener;
    host = boundedOrNull(record.serverName, MAX_WORD);
    upstream = record.upstream;
    server = boundedOrNull(record.target, MAX_WORD);
    attempts = record.attempts;
    reason = record.reason();
    error = record.error;
    requestBytes = record.bytesFromClient;
    responseBytes = record.bytesFromOrigin;
    startedNanos = record.startedNanos;
    connectedNanos = record.connectedNanos;
    endedNanos = record.endedNanos;
  }

  /** Lets go of what belonged to a request. */
  void clear() {
    method = "";
    target = "";
    host = null;
    protocol = null;
    userAgent = null;
    referer = null;
    client = null;
    peer = null;
    subject = null;
    requestId = "";
    listener = "";
    route = null;
    upstream = null;
    server = null;
    error = null;
    passed = false;
    reason = "";
  }

  private static @Nullable String boundedOrNull(@Nullable String text, int max) {
    return text == null ? null : bounded(text, max);
  }

  private static String bounded(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max) + CUT;
  }
}
