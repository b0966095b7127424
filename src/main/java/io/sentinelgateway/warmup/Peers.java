package io.sentinelgateway.warmup;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads of the synthetic peers. Stateless. */
final class Peers {

  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

  private Peers() {}

  /** What a thread of a peer does until its socket is closed. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  static Thread start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // Sockets are closed under their readers: this is how the work ends.
                LOG.trace("{} ends", name, e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
