package io.sentinelgateway.agent;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Timers;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One question, from the moment it is asked until it is answered or given up. Confined to a loop.
 */
final class Call {

  final Session session;
  final Event event;

  /** Index of the chunk that it is about; -1: about none. */
  final int chunk;

  final Buffer content;
  final Promise<AgentAnswer> answer = Promise.promise();
  Timers.@Nullable Timeout timer;

  /** Where it was sent; {@code null} while it waits for a connection. */
  @Nullable AgentConnection connection;

  Call(Session session, Event event, int chunk, Buffer content) {
    this.session = session;
    this.event = event;
    this.chunk = chunk;
    this.content = content;
  }

  void complete(AgentAnswer given) {
    if (session.ended(this, given.decision().outcome())) {
      answer.complete(given);
    }
  }

  void fail(Cause cause, String detail) {
    Outcome outcome =
        switch (cause) {
          case AGENT_TIMEOUT -> Outcome.TIMEOUT;
          case AGENT_BUSY -> Outcome.BUSY;
          case AGENT_MALFORMED -> Outcome.MALFORMED;
          default -> Outcome.UNAVAILABLE;
        };
    if (session.ended(this, outcome)) {
      answer.fail(session.error(cause, detail));
    }
  }

  /** Nobody waits for the answer any more: the client has left. */
  void cancel() {
    if (session.ended(this, Outcome.CANCELLED)) {
      answer.fail(session.error(Cause.AGENT_UNAVAILABLE, "given up"));
    }
  }
}
