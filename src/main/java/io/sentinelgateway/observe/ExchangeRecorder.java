package io.sentinelgateway.observe;

import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.http.RequestHead;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where every exchange of one event loop ends, and every connection that is passed through: each
 * becomes one access log line and is counted once. Confined to its loop.
 */
public final class ExchangeRecorder {

  private final Loop loop;
  private final LoopMetrics metrics;
  private @Nullable AccessLane lane;

  public ExchangeRecorder(Loop loop, LoopMetrics metrics, AccessLog log) {
    this.loop = loop;
    this.metrics = metrics;
    this.lane = log.lane(loop.index());
  }

  /** Counts, and logs nothing. */
  public ExchangeRecorder(Loop loop, LoopMetrics metrics) {
    this.loop = loop;
    this.metrics = metrics;
  }

  /** Uses another log from the next line on. Call on the loop. */
  public void logTo(AccessLog log) {
    lane = log.lane(loop.index());
  }

  /** A request's head was read by that listener; an end must follow. */
  public void started(String listener) {
    metrics.begin(listener);
  }

  /** An exchange has ended, well or not. Only the first call for an exchange counts. */
  public void finished(Exchange exchange) {
    ExchangeRecord record = exchange.record();
    if (!ended(record)) {
      return;
    }
    RequestHead head = exchange.head();
    metrics.record(record, head.method());
    AccessLane current = lane;
    AccessEntry entry = current == null ? null : current.claim();
    if (current != null && entry != null) {
      HttpServerRequest request = exchange.request();
      entry.request(head.method(), target(request), request.version(), exchange.client());
      fields(entry, head.host(), head.fields());
      entry.record(record, loop.currentTimeMillis());
      current.publish(entry);
    }
  }

  /** A request was refused before there was an exchange. Only the first call for it counts. */
  public void refused(HttpServerRequest request, Client client, ExchangeRecord record) {
    if (!ended(record)) {
      return;
    }
    String method = request.method().name();
    metrics.record(record, method);
    AccessLane current = lane;
    AccessEntry entry = current == null ? null : current.claim();
    if (current != null && entry != null) {
      entry.request(method, target(request), request.version(), client);
      HostAndPort authority = request.authority();
      fields(entry, authority == null ? null : authority.host(), request.headers());
      entry.record(record, loop.currentTimeMillis());
      current.publish(entry);
    }
  }

  /** A client was given up before its request could be read. Only the first call for it counts. */
  public void unread(Client client, ExchangeRecord record) {
    if (!ended(record)) {
      return;
    }
    metrics.record(record, "");
    AccessLane current = lane;
    AccessEntry entry = current == null ? null : current.claim();
    if (current != null && entry != null) {
      entry.unread(client);
      entry.record(record, loop.currentTimeMillis());
      current.publish(entry);
    }
  }

  /** A connection that was passed through, or should have been, has ended. Call once. */
  public void passed(Client client, PassageRecord record) {
    metrics.passed(record);
    AccessLane current = lane;
    AccessEntry entry = current == null ? null : current.claim();
    if (current != null && entry != null) {
      entry.passage(client, record, loop.currentTimeMillis());
      current.publish(entry);
    }
  }

  /** CONNECT has none in HTTP/2 (RFC 9113 section 8.5). */
  private static String target(HttpServerRequest request) {
    return Objects.requireNonNullElse(request.uri(), "");
  }

  private boolean ended(ExchangeRecord record) {
    if (record.recorded) {
      return false;
    }
    record.recorded = true;
    if (record.endedNanos == 0) {
      record.endedNanos = loop.nanoTime();
    }
    return true;
  }

  private static void fields(AccessEntry entry, @Nullable String host, MultiMap fields) {
    entry.fields(host, fields.get(HttpHeaders.USER_AGENT), fields.get(HttpHeaders.REFERER));
  }
}
