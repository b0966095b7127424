package io.sentinelgateway.health;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds how many checks are under way at once; the others wait in turn. Confined to one context.
 * As many may wait as there are targets, for each has one check at most.
 */
final class Places {

  private final int most;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int taken;
  private boolean admitting;

  Places(int most) {
    this.most = most;
  }

  /** Runs it at once or when a place gets free; it must {@link #leave} in the end. */
  void take(Runnable check) {
    waiting.add(check);
    admit();
  }

  void leave() {
    taken--;
    admit();
  }

  /** A loop and no recursion: a check may leave before it has begun. */
  private void admit() {
    if (admitting) {
      return;
    }
    admitting = true;
    while (taken < most && !waiting.isEmpty()) {
      taken++;
      waiting.remove().run();
    }
    admitting = false;
  }

  int taken() {
    return taken;
  }
}
