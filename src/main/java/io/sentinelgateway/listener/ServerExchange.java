package io.sentinelgateway.listener;

import io.netty.handler.codec.http2.Http2Error;
import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.error.FailureSource;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.exchange.TunnelEnd;
import io.sentinelgateway.route.Route;
import io.sentinelgateway.route.RouteTable;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one exchange on the client's side: route, filters, answer, record. Whatever happens,
 * it is recorded exactly once, in {@link #end}. Confined to one event loop.
 */
final class ServerExchange {

  private static final Logger LOG = LoggerFactory.getLogger(ServerExchange.class);

  /** Content that is cheaper to read and drop than a new connection is to make. */
  private static final long CHEAP_CONTENT = 64 * 1024;

  private final LoopState loop;
  private final ListenerConfig listener;
  private final ClientConnection connection;
  private final Exchange exchange;
  private final IncomingContent content;
  private final HttpServerResponse out;
  private final String gatewayName;
  private Body.@Nullable Source streaming;
  private Timers.@Nullable Timeout deadline;
  private @Nullable ClientTunnel tunnel;
  private boolean closeAfter;
  private boolean answering;
  private boolean finishing;
  private boolean ended;
  private long seenBytes;
  private long seenNanos;

  ServerExchange(
      LoopState loop, ListenerConfig listener, ClientConnection connection, Incoming incoming) {
    this.loop = loop;
    this.listener = listener;
    this.connection = connection;
    this.exchange = incoming.exchange();
    this.content = incoming.content();
    this.gatewayName = incoming.gatewayName();
    this.out = exchange.request().response();
  }

  /** A request as it was read. */
  record Incoming(Exchange exchange, IncomingContent content, String gatewayName) {}

  /** Why the request must be refused; {@code null} when it need not. */
  @Nullable ProxyError refusal() {
    return exchange.record().error;
  }

  void run(RouteTable routes) {
    begin();
    Optional<Route> found = routes.find(exchange.head());
    if (found.isEmpty()) {
      refuse(ProxyError.of(Cause.NO_ROUTE, "no route matches"));
      return;
    }
    try {
      found.get().handle(exchange).onComplete(this::answer, this::failed);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /** Answers without looking for a route. */
  void runRefused(ProxyError error) {
    begin();
    if (!connection.multiplexed()) {
      // After a malformed or oversized head nobody knows where the next request begins.
      closeAfter = true;
      connection.guard().lingerOnClose();
    }
    refuse(error);
  }

  private void begin() {
    loop.exchangeBegan();
    loop.recorder().started(exchange.record().listener);
    closeAfter |= connection.begin(this) >= listener.limits().requestsPerConnection();
    out.closeHandler(v -> closed());
    content.onBroken(this::abort);
    deadline = RequestDeadline.start(exchange, listener.timeouts(), this::abort);
  }

  /**
   * A stream of HTTP/2 closes a moment before its last write is done; that one knows better. A
   * tunnel ends when both of its connections are closed.
   */
  private void closed() {
    if (!finishing && (tunnel == null || !tunnel.open())) {
      abort(ProxyError.of(Cause.CLIENT_GONE, ""));
    }
  }

  private void answer(ProxyResponse response) {
    if (!ended && !answering) {
      answering = true;
      write(response);
    }
  }

  private void write(ProxyResponse response) {
    try {
      new ResponseWriter(exchange, this).write(response);
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  private void failed(Throwable t) {
    ProxyError error = ProxyError.from(t);
    if (error.cause() == Cause.INTERNAL) {
      LOG.error("request {} failed by a bug in the gateway", exchange.requestId(), t);
    }
    refuse(error);
  }

  private void refuse(ProxyError error) {
    exchange.record().error = error;
    if (ended || answering) {
      return;
    }
    answering = true;
    if (error.cause() == Cause.CLIENT_GONE) {
      exchange.record().status = error.status();
      breakOff(error);
      end();
      return;
    }
    write(ErrorResponder.answer(exchange, error, gatewayName));
  }

  /** True when it is the client's turn: to send content that is wanted, or to read its answer. */
  boolean awaitsClient() {
    return content.awaited() || finishing || (answering && tunnel == null && out.writeQueueFull());
  }

  /** True when it has been the client's turn for so long, and nothing happened. */
  boolean stalled(long now, long limitNanos) {
    long bytes = content.received() + out.bytesWritten();
    if (bytes != seenBytes || !awaitsClient()) {
      seenBytes = bytes;
      seenNanos = now;
    }
    return now - seenNanos > limitNanos;
  }

  /** The exchange cannot go on: the client has left, or time is up. */
  void abort(ProxyError error) {
    if (ended) {
      return;
    }
    if (exchange.record().error == null) {
      exchange.record().error = error;
    }
    if (tunnel != null) {
      tunnel.close(TunnelEnd.CLIENT);
    }
    Body.Source body = streaming;
    streaming = null;
    if (body != null) {
      body.cancel();
    }
    exchange.cancel(error);
    if (!answering) {
      refuse(error);
    } else if (!ended) {
      broken(error.toException());
    }
  }

  /** The answer could not be written to its end. */
  void broken(Throwable t) {
    if (ended) {
      return;
    }
    ProxyError error = WriteFailure.of(t);
    if (error.cause() == Cause.INTERNAL) {
      LOG.error("request {}: answer not written", exchange.requestId(), t);
    }
    if (exchange.record().error == null) {
      exchange.record().error = error;
    }
    if (!out.headWritten() && !out.closed() && error.cause() != Cause.CLIENT_GONE) {
      streaming = null;
      write(ErrorResponder.answer(exchange, error, gatewayName));
      return;
    }
    // A head is not an end: only a broken connection tells the client that content is missing.
    if (exchange.record().status == 0 || out.closed()) {
      exchange.record().status = Cause.CLIENT_GONE.status();
    }
    breakOff(error);
    end();
  }

  private void breakOff(ProxyError error) {
    if (connection.multiplexed()) {
      boolean client = error.source() == FailureSource.CLIENT;
      out.reset(client ? Http2Error.CANCEL.code() : Http2Error.INTERNAL_ERROR.code());
    } else {
      closeAfter = true;
    }
  }

  /** The answer is given up by {@link #abort} for as long as this content is on its way. */
  void streams(Body.Source source) {
    streaming = source;
  }

  /** The answer changes the protocol, when its head is written. */
  void switchTo(Body.Switch change, Future<Void> written) {
    ClientTunnel next = new ClientTunnel(change, connection, exchange, loop.metrics());
    tunnel = next;
    closeAfter = true;
    Timers.cancel(deadline);
    written.onComplete(done -> next.open(this::end), this::broken);
  }

  /** What the connection has become; {@code null} while it is one of HTTP. */
  @Nullable ClientTunnel tunnel() {
    return tunnel;
  }

  void closeAfter() {
    closeAfter = true;
  }

  /** Whether the answer must say that the connection ends with it. */
  boolean closesConnection() {
    if (connection.multiplexed()) {
      return false;
    }
    closeAfter |= connection.draining() || !content.cheapToDiscard(CHEAP_CONTENT);
    return closeAfter;
  }

  /**
   * The last bytes of the answer are on their way. That is its end, but on a stream of HTTP/2,
   * which the client can hold up for ever.
   */
  void endWith(Future<Void> written) {
    if (connection.multiplexed()) {
      finishing = true;
      written.onComplete(done -> end(), this::broken);
    } else {
      end();
    }
  }

  /** Everything is written, or nothing more will be. Idempotent. */
  void end() {
    if (ended) {
      return;
    }
    ended = true;
    Timers.cancel(deadline);
    if (exchange.record().tunnelEnd == null) {
      exchange.record().requestBytes = content.received();
      exchange.record().responseBytes = out.bytesWritten();
    }
    exchange.record().endedNanos = loop.loop().nanoTime();
    loop.recorder().finished(exchange);
    loop.exchangeEnded();
    if (closeAfter) {
      connection.closeAfterExchange(exchange.record().endedNanos);
    }
    leaveContent();
    connection.end(this, content);
  }

  private void leaveContent() {
    if (connection.multiplexed() && !content.cheapToDiscard(CHEAP_CONTENT)) {
      // RFC 9113 section 8.1: the answer is whole, what still comes is not wanted.
      out.reset(Http2Error.NO_ERROR.code());
    } else {
      content.discard();
    }
    connection.stay(exchange.head().fields());
  }
}
