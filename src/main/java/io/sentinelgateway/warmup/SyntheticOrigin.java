package io.sentinelgateway.warmup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An origin server on loopback that answers by the path it is asked for. Thread-safe. */
final class SyntheticOrigin implements AutoCloseable {

  private static final byte[] SMALL = answer("Content-Length: 128\r\n\r\n" + "x".repeat(128));
  private static final byte[] LARGE = answer("Content-Length: 65536\r\n\r\n" + "x".repeat(65536));
  private static final byte[] CHUNKED =
      answer(
          "Transfer-Encoding: chunked\r\n\r\n"
              + ("1000\r\n" + "x".repeat(4096) + "\r\n").repeat(4)
              + "0\r\n\r\n");

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  SyntheticOrigin() throws IOException {
    server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Peers.start("warm-up-origin", this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private static byte[] answer(String rest) {
    return RawPeer.bytes(
        "HTTP/1.1 200 OK\r\nServer: synthetic\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
            + "Content-Type: text/plain\r\nETag: \"synthetic\"\r\nCache-Control: no-store\r\n"
            + rest);
  }

  private void accept() throws IOException {
    while (true) {
      Socket socket = server.accept();
      open.add(socket);
      Peers.start("warm-up-origin", () -> serve(socket));
    }
  }

  private void serve(Socket socket) throws IOException {
    RawPeer peer = new RawPeer(socket);
    while (true) {
      String head = peer.read();
      if (head.startsWith("get /large")) {
        peer.write(LARGE);
      } else if (head.startsWith("get /chunked")) {
        peer.write(CHUNKED);
      } else {
        peer.write(SMALL);
      }
    }
  }

  /** Ends its threads too: each waits at a socket. */
  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
