package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin server of bytes: each connection is a socket that a test does with as it likes. */
final class ByteOrigin implements AutoCloseable {

  /** What happens on one connection; it is closed when this returns. */
  @FunctionalInterface
  interface Script {
    void serve(Socket socket) throws Exception;
  }

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  private ByteOrigin(ServerSocket server) {
    this.server = server;
  }

  static ByteOrigin start(Script script) throws IOException {
    ByteOrigin origin = new ByteOrigin(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    thread(() -> origin.accept(script));
    return origin;
  }

  /** Says its name, then says back what it is told, and when that ends, ends. */
  static ByteOrigin echo(String name) throws IOException {
    return start(
        socket -> {
          socket.getOutputStream().write(name.getBytes(US_ASCII));
          socket.getInputStream().transferTo(socket.getOutputStream());
        });
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "byte-origin");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(Script script) {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        open.add(socket);
        connections.incrementAndGet();
        thread(() -> serve(script, socket));
      }
    } catch (IOException e) {
      // Closed: the test is over.
      return;
    }
  }

  private void serve(Script script, Socket socket) {
    try (socket) {
      script.serve(socket);
    } catch (Exception e) {
      // The gateway broke the connection off, or the script did: the test judges what came.
      return;
    } finally {
      open.remove(socket);
    }
  }

  /** host:port */
  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Connections accepted so far. */
  int connections() {
    return connections.get();
  }

  /** Connections that are open now. */
  int open() {
    return open.size();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
