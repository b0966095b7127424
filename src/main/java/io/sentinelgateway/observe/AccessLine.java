package io.sentinelgateway.observe;

import io.sentinelgateway.error.ProxyError;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes one entry as one line of JSON. Confined to the writer thread. */
final class AccessLine {

  private final Rfc3339 time = new Rfc3339();

  void write(AccessEntry e, JsonLine line) {
    if (e.passed) {
      passage(e, line);
    } else {
      exchange(e, line);
    }
  }

  private void passage(AccessEntry e, JsonLine line) {
    line.begin();
    line.text("time", time.format(startMillis(e)));
    client(e, line);
    line.text("protocol", "tcp").textIfAny("server-name", e.host).text("reason", e.reason);
    if (e.error != null && !e.error.detail().isEmpty()) {
      line.text("detail", e.error.detail());
    }
    line.text("listener", e.listener);
    line.textIfAny("upstream", e.upstream).textIfAny("server", e.server);
    line.number("attempts", e.attempts);
    line.number("bytes-from-client", e.requestBytes);
    line.number("bytes-from-origin", e.responseBytes);
    line.begin("ms").millis("total", e.endedNanos - e.startedNanos);
    phase(line, "connect", e.startedNanos, e.connectedNanos);
    line.end();
    line.endLine();
  }

  private void exchange(AccessEntry e, JsonLine line) {
    line.begin();
    line.text("time", time.format(startMillis(e)));
    line.textIfAny("id", known(e.requestId));
    client(e, line);
    line.textIfAny("method", known(e.method)).textIfAny("target", known(e.target));
    line.textIfAny("host", e.host).textIfAny("protocol", protocol(e.protocol));
    line.number("status", e.status);
    ProxyError error = e.error;
    if (error != null) {
      line.text("reason", error.code());
      if (!error.detail().isEmpty()) {
        line.text("detail", error.detail());
      }
    }
    line.text("listener", e.listener);
    line.textIfAny("route", e.route).textIfAny("upstream", e.upstream);
    line.textIfAny("server", e.server);
    line.number("attempts", e.attempts);
    if (e.notRetried != null) {
      line.text("not-retried", e.notRetried.word());
    }
    if (e.hedge != null) {
      line.text("hedge", e.hedge.word());
    }
    if (e.tunnelEnd != null) {
      line.text("tunnel-end", e.tunnelEnd.word());
    }
    line.number("request-bytes", e.requestBytes).number("response-bytes", e.responseBytes);
    timings(e, line);
    line.textIfAny("user-agent", e.userAgent).textIfAny("referer", e.referer);
    line.endLine();
  }

  private static void client(AccessEntry e, JsonLine line) {
    line.textIfAny("client", e.client);
    if (e.peer != null && !e.peer.equals(e.client)) {
      line.text("peer", e.peer);
    }
    line.textIfAny("subject", e.subject);
  }

  /** Each phase whose both ends came; together they are the total. */
  private static void timings(AccessEntry e, JsonLine line) {
    line.begin("ms");
    line.millis("total", e.endedNanos - e.startedNanos);
    if (e.agentNanos != 0) {
      line.millis("agents", e.agentNanos);
    }
    phase(line, "connect", e.startedNanos, e.connectedNanos);
    phase(line, "send", e.connectedNanos, e.sentNanos);
    phase(line, "wait", e.sentNanos, e.answeredNanos);
    phase(line, "head", e.answeredNanos == 0 ? e.startedNanos : e.answeredNanos, e.headNanos);
    phase(line, "body", e.headNanos, e.endedNanos);
    line.end();
  }

  private static void phase(JsonLine line, String name, long from, long to) {
    if (from != 0 && to != 0) {
      line.millis(name, to - from);
    }
  }

  private static long startMillis(AccessEntry e) {
    return e.endedMillis - TimeUnit.NANOSECONDS.toMillis(e.endedNanos - e.startedNanos);
  }

  /** What was never read is left out. */
  private static @Nullable String known(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable String protocol(@Nullable HttpVersion version) {
    if (version == null) {
      return null;
    }
    return switch (version) {
      case HTTP_1_0 -> "HTTP/1.0";
      case HTTP_1_1 -> "HTTP/1.1";
      case HTTP_2 -> "HTTP/2";
      default -> "HTTP/3";
    };
  }
}
