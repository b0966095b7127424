package io.sentinelgateway.gateway;

import io.sentinelgateway.FreePort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A target with a fault. */
record Faulty(String address, List<String> requests, Closeable open) implements AutoCloseable {

  static Faulty of(Fault fault) throws Exception {
    return switch (fault) {
      case REFUSES -> new Faulty(FreePort.address(), List.of(), () -> {});
      case HANGS_AT_CONNECT -> full();
      default -> {
        ScriptedOrigin origin = ScriptedOrigin.start(fault::serve);
        yield new Faulty(origin.address(), origin.requests(), origin::close);
      }
    };
  }

  /** Nobody accepts, and the queue of those that wait for it is full: the next SYN is dropped. */
  private static Faulty full() throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    List<Socket> waiting = new ArrayList<>();
    try {
      while (waiting.size() < 64) {
        Socket socket = new Socket();
        waiting.add(socket);
        socket.connect(server.getLocalSocketAddress(), 200);
      }
      throw new AssertionError("the queue takes everybody");
    } catch (SocketTimeoutException full) {
      return new Faulty(
          "127.0.0.1:" + server.getLocalPort(),
          List.of(),
          () -> {
            for (Socket socket : waiting) {
              socket.close();
            }
            server.close();
          });
    }
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
