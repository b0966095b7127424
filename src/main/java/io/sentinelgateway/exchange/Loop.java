package io.sentinelgateway.exchange;

import io.sentinelgateway.target.Connections;
import io.sentinelgateway.target.Outcome;
import io.vertx.core.Vertx;
import java.util.random.RandomGenerator;

/** What belongs to one event loop and must not be used from another. */
public interface Loop {

  Vertx vertx();

  /** From 0; less than the number of event loops. Index into per-loop counters. */
  int index();

  /** This loop's connections to origin servers. */
  Connections connections();

  /** Timers for request deadlines; coarse and cheap. */
  Timers timers();

  /** Counts the end of an attempt at an upstream. */
  default void attempted(String upstream, Outcome outcome) {}

  /** Counts the end of a copy of a request that was meant for an upstream. */
  default void mirrored(String upstream, MirrorResult result) {}

  /** Monotonic time; a parameter so that tests rule it. */
  long nanoTime();

  /** The Date field's value (RFC 9110 section 5.6.7), renewed each second. */
  String httpDate();

  /** Milliseconds since 1970. */
  long currentTimeMillis();

  RandomGenerator random();
}
