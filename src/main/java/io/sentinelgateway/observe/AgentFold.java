package io.sentinelgateway.observe;

import io.sentinelgateway.agent.Agent;
import io.sentinelgateway.agent.AgentCounts;
import io.sentinelgateway.agent.Event;
import io.sentinelgateway.agent.Outcome;

/** What there is to tell of an agent, for one scrape. Confined to the thread that reads. */
final class AgentFold {

  private AgentFold() {}

  /** What never happened has no series: most of the combinations never do. */
  static void fold(Agent agent, Families out) {
    AgentCounts counts = agent.counts();
    out.gauge(Metric.AGENT_CONNECTIONS, agent.connections(), agent.id());
    out.counter(Metric.AGENT_FAILED_OPEN, counts.openFailures(), agent.id());
    out.counter(Metric.AGENT_WOULD_DENY, counts.wouldBeDenied(), agent.id());
    for (Event event : Event.values()) {
      for (Outcome outcome : Outcome.values()) {
        long ended = counts.of(event, outcome);
        if (ended > 0) {
          out.counter(Metric.AGENT_QUESTIONS, ended, agent.id(), event.word(), outcome.word());
        }
      }
    }
  }
}
