package io.sentinelgateway.agent;

import io.sentinelgateway.agent.Messages.CancelReason;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Timers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one agent hears of one exchange: event after event, the next when the one before is
 * answered. Every question ends in its time, whatever the agent does. After one that was not
 * answered the agent is asked nothing more about the exchange: what it says late would be taken for
 * an answer to something else. Confined to the exchange's event loop; must be closed.
 */
public final class Session {

  private final AgentLink link;
  private final Exchange exchange;
  private final String id;
  private @Nullable Call current;
  private @Nullable AgentConnection connection;
  private @Nullable ProxyException dead;
  private long askedNanos;
  private boolean closed;

  Session(AgentLink link, Exchange exchange) {
    this.link = link;
    this.exchange = exchange;
    this.id = link.claim(exchange.requestId());
  }

  String id() {
    return id;
  }

  /** Tells it of the request's head. Fails with a {@link ProxyException}. */
  public Future<AgentAnswer> requestHeaders(Duration timeout) {
    return ask(Event.REQUEST_HEADERS, -1, Messages.requestHeaders(exchange, id), timeout);
  }

  /** Shows it a part of the request's content. Fails with a {@link ProxyException}. */
  public Future<AgentAnswer> requestBody(BodyChunk chunk, Duration timeout) {
    return ask(Event.REQUEST_BODY, chunk.index(), Messages.requestBody(id, chunk), timeout);
  }

  /** Tells it of the answer's head. Fails with a {@link ProxyException}. */
  public Future<AgentAnswer> responseHeaders(Duration timeout) {
    return ask(Event.RESPONSE_HEADERS, -1, Messages.responseHeaders(exchange, id), timeout);
  }

  /** The most it wants to be shown of content at once. */
  public int chunkBytes() {
    return link.agent().chunkBytes();
  }

  private Future<AgentAnswer> ask(Event event, int chunk, Buffer content, Duration timeout) {
    if (dead != null) {
      return Future.failedFuture(dead);
    }
    if (current != null || closed) {
      throw new IllegalStateException("asked while a question is under way, or after the end");
    }
    if (content.length() >= Frames.MOST_BYTES) {
      return Future.failedFuture(error(Cause.AGENT_BUSY, "more than a frame holds"));
    }
    Call call = new Call(this, event, chunk, content);
    current = call;
    askedNanos = link.loop().nanoTime();
    link.submit(call, connection, timeout);
    return call.answer.future();
  }

  /** True when this ends the question, which happens once. */
  boolean ended(Call call, Outcome outcome) {
    if (current != call) {
      return false;
    }
    current = null;
    if (call.timer != null) {
      Timers.cancel(call.timer);
      link.ended();
    }
    connection = call.connection;
    exchange.record().agentNanos += link.loop().nanoTime() - askedNanos;
    link.agent().counts().count(call.event, outcome);
    return true;
  }

  /** The error of a question that failed; after it the session is dead. */
  ProxyException error(Cause cause, String detail) {
    ProxyException error = ProxyError.of(cause, link.agent().id() + ": " + detail).toException();
    dead = error;
    return error;
  }

  /** Gives up what is under way, because the client has left. */
  public void cancel() {
    Call call = current;
    if (call != null) {
      link.drop(call, CancelReason.CLIENT_DISCONNECT);
      call.cancel();
    }
  }

  /** The exchange has no more questions. Idempotent. */
  public void close() {
    if (!closed) {
      cancel();
      closed = true;
      link.release(id);
    }
  }
}
