package io.sentinelgateway.origin;

import io.sentinelgateway.schema.Address;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin server that takes connections and says nothing. */
final class QuietOrigin implements AutoCloseable {

  private final AtomicInteger accepted = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch deaf = new CountDownLatch(1);
  private final ServerSocket server;
  private final Address address;

  QuietOrigin() throws IOException {
    this(0);
  }

  QuietOrigin(int port) throws IOException {
    server = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
    address = new Address("127.0.0.1", server.getLocalPort());
    thread("quiet-origin", this::accept);
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        accepted.incrementAndGet();
        open.add(socket);
        if (server.isClosed()) {
          // Accepted while close() was looking for open ones.
          socket.close();
        }
        thread("quiet-origin-peer", () -> awaitEnd(socket));
      }
    } catch (IOException e) {
      // Closed: nothing is accepted any more.
      return;
    } finally {
      deaf.countDown();
    }
  }

  private void awaitEnd(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // Broken off, here or there.
      return;
    } finally {
      open.remove(socket);
    }
  }

  Address address() {
    return address;
  }

  /** Connections so far. */
  int accepted() {
    return accepted.get();
  }

  /** Connections now. */
  int open() {
    return open.size();
  }

  /** Closes some connection, if there is one. */
  void closeOne() throws IOException {
    Optional<Socket> one = open.stream().findAny().filter(open::remove);
    if (one.isPresent()) {
      one.get().close();
    }
  }

  private void awaitDeaf() throws IOException {
    try {
      if (!deaf.await(20, TimeUnit.SECONDS)) {
        throw new IOException("it goes on accepting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Stops listening, then closes every connection. */
  @Override
  public void close() throws IOException {
    server.close();
    // Until nobody accepts any more, the system goes on listening.
    awaitDeaf();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
