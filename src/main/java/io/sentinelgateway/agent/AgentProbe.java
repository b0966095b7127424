package io.sentinelgateway.agent;

import io.sentinelgateway.schema.Address;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Talks to an agent once, to see what it is and how fast: a handshake, some pings, and one question
 * about a harmless request. Confined to the context that begins it.
 */
public final class AgentProbe {

  private static final int PINGS = 20;
  private static final String ID = "sentinel-probe";

  /**
   * What was found out. Durations are in nanoseconds.
   *
   * @param pingNanos of each ping that was answered
   * @param answer to the question
   */
  public record Report(
      Capabilities capabilities,
      long handshakeNanos,
      List<Long> pingNanos,
      AgentAnswer answer,
      long answerNanos) {}

  private final LongSupplier nanoTime;
  private final Promise<Report> report = Promise.promise();
  private final Frames frames = new Frames(this::frame);
  private final List<Long> pings = new ArrayList<>();
  private @Nullable NetSocket socket;
  private @Nullable Capabilities capabilities;
  private long handshakeNanos;
  private long sentNanos;

  private AgentProbe(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Fails with what is wrong: no connection, no answer in time, an answer that is none.
   *
   * @param patience for everything together
   */
  public static Future<Report> run(
      Vertx vertx, Address address, Duration patience, LongSupplier nanoTime) {
    AgentProbe probe = new AgentProbe(nanoTime);
    SocketAddress where =
        address.unix()
            ? SocketAddress.domainSocketAddress(address.host())
            : SocketAddress.inetSocketAddress(address.port(), address.host());
    NetClientOptions options =
        new NetClientOptions().setConnectTimeout((int) patience.toMillis()).setTcpNoDelay(true);
    vertx.createNetClient(options).connect(where).onComplete(probe::begin, probe.report::tryFail);
    vertx.setTimer(patience.toMillis(), timer -> probe.fail(probe.waitingFor()));
    return probe.report.future();
  }

  private String waitingFor() {
    if (capabilities == null) {
      return "no answer to the handshake";
    }
    return pings.size() < PINGS ? "no answer to a ping" : "no answer to a question";
  }

  private void begin(NetSocket connected) {
    socket = connected;
    connected.handler(this::read);
    connected.closeHandler(v -> fail("it closed the connection: " + waitingFor()));
    send(FrameType.HANDSHAKE_REQUEST, Messages.handshake());
  }

  private void send(FrameType type, Buffer content) {
    sentNanos = nanoTime.getAsLong();
    if (socket != null) {
      socket.write(Frames.of(type, content));
    }
  }

  private void read(Buffer bytes) {
    try {
      frames.feed(bytes);
    } catch (MalformedAnswerException | DecodeException | ClassCastException e) {
      fail("it broke the protocol: " + e.getMessage());
    }
  }

  private void frame(FrameType type, Buffer content) {
    long took = nanoTime.getAsLong() - sentNanos;
    switch (type) {
      case HANDSHAKE_RESPONSE -> {
        capabilities = Capabilities.of(new JsonObject(content));
        handshakeNanos = took;
        ping();
      }
      case PONG -> {
        pings.add(took);
        if (pings.size() < PINGS) {
          ping();
        } else {
          send(FrameType.REQUEST_HEADERS, question());
        }
      }
      case RESPONSE -> answered(new JsonObject(content), took);
      default -> {
        // Health and the like, which it may send as it likes.
      }
    }
  }

  private void ping() {
    send(FrameType.PING, Messages.ping(pings.size() + 1L, 0));
  }

  private static Buffer question() {
    JsonObject metadata =
        new JsonObject()
            .put("correlation_id", ID)
            .put("request_id", ID)
            .put("client_ip", "127.0.0.1")
            .put("client_port", 0)
            .put("server_name", "probe.invalid")
            .put("protocol", "HTTP/1.1")
            .put("timestamp", "1970-01-01T00:00:00Z");
    return new JsonObject()
        .put("correlation_id", ID)
        .put("metadata", metadata)
        .put("method", "GET")
        .put("uri", "/")
        .put("headers", new JsonObject().put("host", new JsonArray().add("probe.invalid")))
        .toBuffer();
  }

  private void answered(JsonObject answer, long took) {
    String id = AnswerParser.correlation(answer);
    Capabilities said = capabilities;
    if (said == null || (id != null && !id.equals(ID))) {
      throw new MalformedAnswerException("an answer to another question");
    }
    AgentAnswer parsed = AnswerParser.parse(answer, -1);
    report.tryComplete(new Report(said, handshakeNanos, List.copyOf(pings), parsed, took));
    close();
  }

  private void fail(String why) {
    if (report.tryFail(new IOException(why))) {
      close();
    }
  }

  private void close() {
    if (socket != null) {
      socket.close();
    }
  }
}
