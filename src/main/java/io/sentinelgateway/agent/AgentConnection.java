package io.sentinelgateway.agent;

import io.sentinelgateway.agent.Messages.CancelReason;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an agent: many questions at once, told apart by their correlation ids. Confined
 * to its event loop.
 */
final class AgentConnection {

  private static final int UNHEALTHY_FROM = 3;
  private static final int PAUSE = 1;

  private final Loop loop;
  private final NetSocket socket;
  private final Frames frames = new Frames(this::frame);
  private final Map<String, Call> pending = new HashMap<>();
  private final Promise<AgentConnection> ready = Promise.promise();
  private final Promise<String> gone = Promise.promise();
  private @Nullable Capabilities capabilities;
  private Timers.@Nullable Timeout timer;
  private String reason = "the agent closed the connection";
  private long pings;
  private boolean awaitsPong;
  private boolean paused;
  private boolean leaving;
  private boolean suspect;
  private boolean abandoned;
  private boolean closed;

  AgentConnection(Loop loop, NetSocket socket) {
    this.loop = loop;
    this.socket = socket;
    socket.handler(this::read);
    socket.exceptionHandler(e -> reason = String.valueOf(e.getMessage()));
    socket.closeHandler(v -> closed());
  }

  /** Introduces the gateway; completes when the agent has introduced itself. */
  Future<AgentConnection> introduce(Duration patience) {
    socket.write(Frames.of(FrameType.HANDSHAKE_REQUEST, Messages.handshake()));
    timer = loop.timers().start(patience, () -> close("no handshake in time"));
    return ready.future();
  }

  /** Tries it again and again, as long as it lives. */
  void watch(Duration interval) {
    timer =
        loop.timers()
            .start(
                interval,
                () -> {
                  if (awaitsPong) {
                    close("a ping was not answered");
                  } else if (!closed) {
                    awaitsPong = true;
                    Buffer ping = Messages.ping(++pings, loop.currentTimeMillis());
                    socket.write(Frames.of(FrameType.PING, ping));
                    watch(interval);
                  }
                });
  }

  /** Completes with the reason when the connection has ended. */
  Future<String> gone() {
    return gone.future();
  }

  Capabilities capabilities() {
    if (capabilities == null) {
      throw new IllegalStateException("no handshake yet");
    }
    return capabilities;
  }

  /** Whether it takes a question now; what the agent does not read must not pile up. */
  boolean usable() {
    return !closed && !paused && !leaving && !socket.writeQueueFull();
  }

  /** True when a question was not answered in time and nothing was heard since. */
  boolean suspect() {
    return suspect;
  }

  int underWay() {
    return pending.size();
  }

  void send(Call call) {
    call.connection = this;
    pending.put(call.session.id(), call);
    socket.write(Frames.of(call.event.frame(), call.content));
  }

  /** The answer is not waited for any more; when it comes it is dropped. */
  void abandon(Call call, CancelReason why) {
    if (pending.remove(call.session.id(), call)) {
      abandoned = true;
      suspect |= why == CancelReason.TIMEOUT;
      if (capabilities().cancellation() && !closed && !socket.writeQueueFull()) {
        Buffer cancel = Messages.cancel(call.session.id(), why, loop.currentTimeMillis());
        socket.write(Frames.of(FrameType.CANCEL, cancel));
      }
    }
  }

  private void read(Buffer bytes) {
    suspect = false;
    try {
      frames.feed(bytes);
    } catch (MalformedAnswerException | DecodeException | ClassCastException e) {
      failAll(Cause.AGENT_MALFORMED, "it broke the protocol");
      close("it broke the protocol: " + e.getMessage());
    }
  }

  private void frame(FrameType type, Buffer content) {
    switch (type) {
      case HANDSHAKE_RESPONSE -> introduced(new JsonObject(content));
      case RESPONSE -> answered(new JsonObject(content));
      case PONG -> awaitsPong = false;
      case HEALTH_STATUS -> leaving = state(new JsonObject(content)) >= UNHEALTHY_FROM;
      case FLOW_CONTROL -> paused = action(new JsonObject(content)) == PAUSE;
      case METRICS_REPORT, CONFIG_UPDATE_REQUEST -> {
        // Nothing is done with them; an agent may send them as it likes.
      }
      default ->
          throw new MalformedAnswerException("a frame that only a gateway sends: " + type.name());
    }
  }

  private void introduced(JsonObject handshake) {
    if (capabilities != null) {
      throw new MalformedAnswerException("a second handshake");
    }
    capabilities = Capabilities.of(handshake);
    Timers.cancel(timer);
    ready.tryComplete(this);
  }

  private void answered(JsonObject answer) {
    if (capabilities == null) {
      throw new MalformedAnswerException("an answer before the handshake");
    }
    Call call = waiting(AnswerParser.correlation(answer));
    if (call == null) {
      return;
    }
    pending.remove(call.session.id());
    try {
      call.complete(AnswerParser.parse(answer, call.chunk));
    } catch (MalformedAnswerException | ClassCastException e) {
      call.fail(Cause.AGENT_MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The question that an answer is for. One without an id is believed only when it cannot be the
   * late answer to another question.
   */
  private @Nullable Call waiting(@Nullable String id) {
    if (id != null) {
      return pending.get(id);
    }
    return pending.size() == 1 && !abandoned ? pending.values().iterator().next() : null;
  }

  /** Both spellings that there are: a number, and an object with a word. */
  private static int state(JsonObject health) {
    Object state = health.getValue("state");
    if (state instanceof JsonObject named) {
      String word = named.getString("status", "");
      return word.equals("draining") || word.equals("unhealthy") ? UNHEALTHY_FROM : 0;
    }
    return state instanceof Number number ? number.intValue() : 0;
  }

  private static int action(JsonObject flow) {
    Object action = flow.getValue("action");
    if (action instanceof JsonObject named) {
      return "pause".equals(named.getString("type")) ? PAUSE : 0;
    }
    return action instanceof Number number ? number.intValue() : 0;
  }

  void close(String why) {
    if (!closed) {
      reason = why;
      socket.close();
    }
  }

  private void closed() {
    closed = true;
    Timers.cancel(timer);
    ready.tryFail(reason);
    gone.tryComplete(reason);
    failAll(Cause.AGENT_UNAVAILABLE, "the connection ended");
  }

  private void failAll(Cause cause, String detail) {
    List<Call> all = new ArrayList<>(pending.values());
    pending.clear();
    all.forEach(call -> call.fail(cause, detail));
  }
}
