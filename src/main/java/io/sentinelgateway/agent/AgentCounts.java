package io.sentinelgateway.agent;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How the questions to one agent ended. Thread-safe. */
public final class AgentCounts {

  private final Map<Event, Map<Outcome, LongAdder>> counts = new EnumMap<>(Event.class);
  private final LongAdder wouldDeny = new LongAdder();
  private final LongAdder failedOpen = new LongAdder();

  AgentCounts() {
    for (Event event : Event.values()) {
      Map<Outcome, LongAdder> byOutcome = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        byOutcome.put(outcome, new LongAdder());
      }
      counts.put(event, byOutcome);
    }
  }

  void count(Event event, Outcome outcome) {
    adder(event, outcome).increment();
  }

  /** A filter that only observes let a request pass that the agent denied. */
  public void wouldDeny() {
    wouldDeny.increment();
  }

  /** A request went on though the agent did not judge it. */
  public void failedOpen() {
    failedOpen.increment();
  }

  /** Questions about an event that ended so. */
  public long of(Event event, Outcome outcome) {
    return adder(event, outcome).sum();
  }

  private LongAdder adder(Event event, Outcome outcome) {
    return counts.get(event).get(outcome);
  }

  /** Requests that {@link #wouldDeny} was told of. */
  public long wouldBeDenied() {
    return wouldDeny.sum();
  }

  /** Requests that {@link #failedOpen} was told of. */
  public long openFailures() {
    return failedOpen.sum();
  }
}
