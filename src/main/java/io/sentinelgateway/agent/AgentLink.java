package io.sentinelgateway.agent;

import io.sentinelgateway.agent.Messages.CancelReason;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Loop;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop has of an agent: its connections, made again for ever when they end, and the
 * questions that wait for the first of them. Confined to that loop.
 */
final class AgentLink {

  private static final long FIRST_PAUSE_MILLIS = 100;

  /** A connection that lived so long was a good one: the next is made at once. */
  private static final long GOOD_LIFE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int MOST_DOUBLINGS = 12;

  private final Agent agent;
  private final Loop loop;
  private final Context context;
  private final List<AgentConnection> connections = new ArrayList<>();
  private final Queue<Call> waiting = new ArrayDeque<>();
  private final Set<String> ids = new HashSet<>();
  private String trouble = "not connected yet";
  private int connecting;
  private int underWay;
  private boolean opened;
  private boolean retired;

  AgentLink(Agent agent, Loop loop) {
    this.agent = agent;
    this.loop = loop;
    this.context = loop.vertx().getOrCreateContext();
  }

  Loop loop() {
    return loop;
  }

  Agent agent() {
    return agent;
  }

  /** Begins to connect, and goes on until it is retired. Idempotent. */
  void open() {
    if (!opened) {
      opened = true;
      for (int i = 0; i < agent.config().connections(); i++) {
        connect(0);
      }
    }
  }

  /**
   * Nobody will begin a session any more; connections go when the last one has ended. Any thread.
   */
  void retire() {
    context.runOnContext(
        v -> {
          retired = true;
          closeIfUnused();
        });
  }

  private void connect(int failures) {
    if (retired) {
      return;
    }
    connecting++;
    agent
        .connect()
        .compose(
            socket -> new AgentConnection(loop, socket).introduce(agent.config().connectTimeout()))
        .onComplete(this::connected, e -> failed(String.valueOf(e.getMessage()), failures));
  }

  private void connected(AgentConnection connection) {
    connecting--;
    connections.add(connection);
    agent.up(connection.capabilities());
    connection.watch(agent.config().pingInterval());
    long since = loop.nanoTime();
    connection.gone().onSuccess(why -> lost(connection, why, since));
    for (Call call = waiting.poll(); call != null; call = waiting.poll()) {
      send(call);
    }
    closeIfUnused();
  }

  private void failed(String why, int failures) {
    connecting--;
    trouble = why;
    agent.unreachable(why);
    if (connections.isEmpty() && connecting == 0) {
      failWaiting();
    }
    again(failures);
  }

  private void again(int failures) {
    long doubled = FIRST_PAUSE_MILLIS << Math.min(failures, MOST_DOUBLINGS);
    long millis = Math.min(agent.config().reconnectMax().toMillis(), doubled);
    long spread = millis / 2 + loop.random().nextLong(millis / 2 + 1);
    loop.timers().start(Duration.ofMillis(spread), () -> connect(failures + 1));
  }

  private void lost(AgentConnection connection, String why, long since) {
    connections.remove(connection);
    trouble = why;
    agent.down(why);
    if (retired) {
      return;
    }
    if (loop.nanoTime() - since >= GOOD_LIFE_NANOS) {
      connect(0);
    } else {
      again(0);
    }
  }

  private void failWaiting() {
    for (Call call = waiting.poll(); call != null; call = waiting.poll()) {
      call.fail(Cause.AGENT_UNAVAILABLE, trouble);
    }
  }

  /** An id for a session that no other one of this loop has. */
  String claim(String wanted) {
    String id = wanted;
    for (int i = 2; !ids.add(id); i++) {
      id = wanted + '-' + i;
    }
    return id;
  }

  void release(String id) {
    ids.remove(id);
    closeIfUnused();
  }

  private void closeIfUnused() {
    if (retired && ids.isEmpty()) {
      List.copyOf(connections).forEach(connection -> connection.close("it is not used any more"));
    }
  }

  /**
   * Asks. The call fails at once when there is no connection and none is being made.
   *
   * @param pinned the connection that heard the events before; {@code null}: any
   */
  void submit(Call call, @Nullable AgentConnection pinned, Duration timeout) {
    open();
    if (underWay >= agent.config().maxCalls()) {
      call.fail(Cause.AGENT_BUSY, "agents." + agent.id() + ".max-calls " + underWay);
      return;
    }
    underWay++;
    call.timer = loop.timers().start(timeout, () -> late(call, timeout));
    if (pinned != null && pinned.usable()) {
      pinned.send(call);
    } else if (connections.isEmpty() && connecting > 0) {
      waiting.add(call);
    } else {
      send(call);
    }
  }

  /** To be called once for each call that was counted. */
  void ended() {
    underWay--;
  }

  private void send(Call call) {
    AgentConnection best = null;
    for (int i = 0; i < connections.size(); i++) {
      AgentConnection each = connections.get(i);
      if (each.usable() && (best == null || load(each) < load(best))) {
        best = each;
      }
    }
    if (best != null) {
      best.send(call);
    } else if (connections.isEmpty()) {
      call.fail(Cause.AGENT_UNAVAILABLE, trouble);
    } else {
      call.fail(Cause.AGENT_BUSY, "no connection takes more");
    }
  }

  /** One that seems to hang comes last, but it is tried: somebody must find out that it lives. */
  private static int load(AgentConnection connection) {
    return connection.underWay() + (connection.suspect() ? 1_000_000 : 0);
  }

  private void late(Call call, Duration timeout) {
    drop(call, CancelReason.TIMEOUT);
    call.fail(Cause.AGENT_TIMEOUT, timeout.toMillis() + " ms");
  }

  void drop(Call call, CancelReason why) {
    AgentConnection connection = call.connection;
    if (connection == null) {
      waiting.remove(call);
    } else {
      connection.abandon(call, why);
    }
  }
}
