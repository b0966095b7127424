package io.sentinelgateway.listener;

import io.sentinelgateway.config.ListenerConfig;
import io.vertx.core.Future;
import java.time.Duration;

/** One configured listener on one event loop, whatever it carries. Confined to its loop. */
public interface Listener {

  String id();

  /** Its settings, but for what may be replaced while it is open. */
  ListenerConfig config();

  /** The port that was bound; -1 for a Unix socket. */
  int port();

  /** Starts to accept. Fails when the address cannot be bound. */
  Future<? extends Listener> open();

  /** From now on clients are asked to go, as far as their protocol has words for it. */
  void drain();

  /**
   * Stops accepting. What rests is closed after the quiet period, and what is left at the end of
   * all patience is cut.
   *
   * @return how much was cut, once everything is closed
   */
  Future<Integer> close(Duration quiet, Duration patience);

  /** Stops accepting and cuts everything. */
  Future<Integer> closeNow();
}
