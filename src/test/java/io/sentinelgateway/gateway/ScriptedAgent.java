package io.sentinelgateway.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An agent behind a real socket that does what a test says. It cuts and writes frames with code of
 * its own, so that a mistake in the gateway's does not cancel itself out.
 */
public final class ScriptedAgent implements AutoCloseable {

  static final int REQUEST_HEADERS = 0x10;
  static final int REQUEST_BODY = 0x11;
  static final int RESPONSE_HEADERS = 0x12;
  static final int ANSWER = 0x20;
  static final int CANCEL = 0x40;

  /** What it does with a frame that is neither handshake nor ping. */
  @FunctionalInterface
  public interface Script {
    void heard(Peer peer, int type, JsonObject message) throws IOException, InterruptedException;
  }

  private final ServerSocketChannel server;
  private final Script script;
  private final String handshake;
  private final List<JsonObject> messages = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  private ScriptedAgent(ServerSocketChannel server, String handshake, Script script) {
    this.server = server;
    this.handshake = handshake;
    this.script = script;
  }

  public static ScriptedAgent start(Path socket, Script script) throws IOException {
    JsonObject features = new JsonObject().put("cancellation", true).put("streaming_body", true);
    JsonObject limits = new JsonObject().put("preferred_chunk_size", 1024);
    JsonObject capabilities =
        new JsonObject()
            .put("agent_id", "scripted")
            .put("name", "Scripted")
            .put("version", "1.0")
            .put("supported_events", new JsonArray().add(1))
            .put("features", features)
            .put("limits", limits);
    JsonObject handshake =
        new JsonObject()
            .put("protocol_version", 2)
            .put("capabilities", capabilities)
            .put("success", true)
            .put("encoding", "json");
    return start(socket, handshake.encode(), script);
  }

  /**
   * @param handshake what it says of itself
   */
  static ScriptedAgent start(Path socket, String handshake, Script script) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    ScriptedAgent agent = new ScriptedAgent(server, handshake, script);
    thread("agent", agent::accept);
    return agent;
  }

  /** Allows everything, with these other members of the answer. */
  public static Script allowing(JsonObject members) {
    return (peer, type, message) -> {
      if (type != CANCEL) {
        peer.answer(message, new JsonObject().put("decision", "allow").mergeIn(members));
      }
    };
  }

  /** Decides so about everything. */
  public static Script deciding(JsonObject decision) {
    return (peer, type, message) -> {
      if (type != CANCEL) {
        peer.answer(message, new JsonObject().put("decision", decision));
      }
    };
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        open.add(channel);
        connections.incrementAndGet();
        thread("agent-connection", () -> serve(channel));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      Peer peer = new Peer(channel);
      while (true) {
        int length = in.readInt();
        int type = in.readUnsignedByte();
        byte[] content = in.readNBytes(length - 1);
        if (type == 0x01) {
          peer.send(0x02, handshake);
        } else if (type == 0x41) {
          peer.send(0x42, new String(content, StandardCharsets.UTF_8));
        } else {
          JsonObject message = new JsonObject(new String(content, StandardCharsets.UTF_8));
          messages.add(message.copy().put("type", type));
          script.heard(peer, type, message);
        }
      }
    } catch (IOException | InterruptedException closed) {
      // The gateway left, or the script closed.
    }
  }

  /** Messages of this type, each with its type as a member. */
  List<JsonObject> heard(int type) {
    return messages.stream().filter(message -> message.getInteger("type") == type).toList();
  }

  /** Connections that were ever made. */
  public int connections() {
    return connections.get();
  }

  /** Connections that are open now. */
  long living() {
    return open.stream().filter(SocketChannel::isOpen).count();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  /** The gateway, as the agent sees it. */
  public static final class Peer {

    private final SocketChannel channel;

    Peer(SocketChannel channel) {
      this.channel = channel;
    }

    /** Answers a message, with its correlation id where the protocol wants it. */
    public void answer(JsonObject message, JsonObject answer) throws IOException {
      JsonObject audit = answer.getJsonObject("audit", new JsonObject());
      JsonObject custom = new JsonObject();
      custom.put("correlation_id", message.getString("correlation_id"));
      JsonObject whole = answer.copy().put("version", 2);
      send(ANSWER, whole.put("audit", audit.copy().put("custom", custom)).encode());
    }

    public void send(int type, String content) throws IOException {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      ByteBuffer frame = ByteBuffer.allocate(5 + bytes.length);
      write(frame.putInt(bytes.length + 1).put((byte) type).put(bytes).flip());
    }

    /** Bytes as they are. */
    synchronized void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    void close() throws IOException {
      channel.close();
    }
  }
}
