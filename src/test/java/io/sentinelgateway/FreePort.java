package io.sentinelgateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Ports that nobody listens on, for tests that must know a port before it is opened, or at which
 * nobody may answer.
 *
 * <p>They lie below those that the system gives to connections and to port 0: one of those could be
 * another's a moment later. None is given twice.
 */
public final class FreePort {

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /** A port that could be opened a moment ago. */
  public static int next() {
    IOException last = new BindException("no port is free");
    for (int tries = 1000; tries > 0; tries--) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
      if (GIVEN.add(port)) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
          return socket.getLocalPort();
        } catch (IOException e) {
          last = e;
        }
      }
    }
    throw new UncheckedIOException(last);
  }

  /** As many such ports, all different. */
  public static List<Integer> several(int count) {
    return Stream.generate(FreePort::next).limit(count).toList();
  }

  /** The address of such a port on the loopback interface. */
  public static String address() {
    return "127.0.0.1:" + next();
  }
}
