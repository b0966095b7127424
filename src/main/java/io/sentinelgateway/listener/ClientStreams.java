package io.sentinelgateway.listener;

import io.sentinelgateway.config.Http2Config;
import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.wire.ConnectionGuard.Overdue;
import io.sentinelgateway.wire.Http2Session;
import io.sentinelgateway.wire.Http2Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The exchanges of a client's HTTP/2 connection, side by side, and the time limits of that
 * connection: like those of HTTP/1, but that a ping is no sign of use. Confined to its event loop.
 */
final class ClientStreams {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final ProxyError STALLED = ProxyError.of(Cause.REQUEST_TIMEOUT, "timeouts.idle");

  private final Http2Session session;
  private final long headerNanos;
  private final long idleNanos;
  private final long pingNanos;
  private final Set<ServerExchange> exchanges = Collections.newSetFromMap(new IdentityHashMap<>());
  private Stage stage = Stage.OPEN;
  private long secondNanos;
  private long activeNanos;
  private long heardNanos;
  private long sectionNanos;
  private long announcedNanos;
  private boolean sectionOpen;
  private boolean pinged;

  /** How far the connection has come on its way to its end. */
  private enum Stage {
    OPEN,
    ANNOUNCED,
    ENDING
  }

  ClientStreams(Http2Session session, ListenerConfig config, long now) {
    this.session = session;
    this.headerNanos = config.timeouts().header().toNanos();
    this.idleNanos = config.timeouts().idle().toNanos();
    this.pingNanos = config.http2().ping().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    this.secondNanos = now;
    this.activeNanos = now;
    this.heardNanos = now;
  }

  /** What a client may do over HTTP/2. */
  static Http2Terms terms(ListenerConfig config) {
    Http2Config http2 = config.http2();
    return new Http2Terms(
        http2.maxStreams(),
        (int) http2.window().bytes(),
        (int) http2.connectionWindow().bytes(),
        (int) http2.maxFrameSize().bytes(),
        (int) config.limits().headerBytes().bytes(),
        http2.idleFrames());
  }

  Http2Session session() {
    return session;
  }

  void began(ServerExchange exchange) {
    exchanges.add(exchange);
  }

  void ended(ServerExchange exchange) {
    exchanges.remove(exchange);
  }

  /** Exchanges that have begun and not ended. */
  int size() {
    return exchanges.size();
  }

  /** The client shall open no more streams; those that are open complete. */
  void announceEnd(long now) {
    if (stage == Stage.OPEN) {
      stage = Stage.ANNOUNCED;
      announcedNanos = now;
      session.announceEnd();
    }
  }

  /** Some times a second: notes what happened since; true when {@link #attend} has work. */
  boolean look(long now) {
    if (now - secondNanos >= SECOND) {
      secondNanos = now;
      session.renew();
    }
    if (session.active()) {
      activeNanos = now;
    }
    if (session.heard()) {
      heardNanos = now;
      pinged = false;
    }
    if (session.sectionOpen() != sectionOpen) {
      sectionOpen = !sectionOpen;
      sectionNanos = now;
    }
    return endDue(now) || pingDue(now) || stalled(now) || overdue(now) != Overdue.NOTHING;
  }

  private boolean endDue(long now) {
    return stage == Stage.ANNOUNCED && (session.endKnown() || now - announcedNanos >= SECOND);
  }

  private boolean pingDue(long now) {
    return !pinged && now - heardNanos >= pingNanos;
  }

  private boolean stalled(long now) {
    boolean any = false;
    for (ServerExchange exchange : exchanges) {
      any |= exchange.stalled(now, idleNanos);
    }
    return any;
  }

  /** What is overdue on the connection as a whole. */
  Overdue overdue(long now) {
    if (sectionOpen && now - sectionNanos > headerNanos) {
      return Overdue.HEADER;
    }
    boolean unused = exchanges.isEmpty() && now - activeNanos > idleNanos;
    boolean dead = pinged && now - heardNanos > pingNanos + idleNanos;
    return unused || dead ? Overdue.IDLE : Overdue.NOTHING;
  }

  /** When the field section that is under way began. */
  long sectionNanos() {
    return sectionNanos;
  }

  /** Does what is due but for closing the connection at once. */
  void attend(long now) {
    for (ServerExchange exchange : new ArrayList<>(exchanges)) {
      if (exchange.stalled(now, idleNanos)) {
        exchange.abort(STALLED);
      }
    }
    if (pingDue(now)) {
      pinged = true;
      session.ping();
    }
    if (endDue(now)) {
      stage = Stage.ENDING;
      session.end();
    }
  }
}
