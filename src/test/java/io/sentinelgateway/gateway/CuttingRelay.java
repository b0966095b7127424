package io.sentinelgateway.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes bytes on between a client and a server, and can end that as somebody on the way could. */
final class CuttingRelay implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int to;
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private CuttingRelay(int to) throws IOException {
    this.to = to;
  }

  static CuttingRelay to(int port) throws IOException {
    CuttingRelay relay = new CuttingRelay(port);
    start(relay::accept);
    return relay;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket near = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
        open.add(near);
        open.add(far);
        start(() -> pass(near, far));
        start(() -> pass(far, near));
      }
    } catch (IOException e) {
      // Closed: the test is over.
      return;
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Cut.
      return;
    }
  }

  /** Ends every connection, in good order as far as TCP goes. */
  void cut() throws IOException {
    for (Socket socket : open) {
      socket.shutdownOutput();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
