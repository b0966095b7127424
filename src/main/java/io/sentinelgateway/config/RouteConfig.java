package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Discriminated;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Suggestion;
import java.util.List;

/** Which requests go through which filters to which handler. */
public record RouteConfig(
    @Doc("What a request must look like; absent: any request.") @Default("{}") MatchConfig match,
    @Doc("Routes with a higher number are tried first.")
        @Default("0")
        @Range(min = "-1000000", max = "1000000")
        int priority,
    @Doc("Ids of the listeners it belongs to; empty: all of them.") @Default("[]")
        List<String> listeners,
    @Doc("Filters in order: ids, or filters written here.") @Default("[]") List<FilterRef> filters,
    @Doc("Who answers.") @Discriminated HandlerSettings handler) {

  void check(GatewayConfig config, Problems problems) {
    for (int i = 0; i < listeners.size(); i++) {
      String id = listeners.get(i);
      problems
          .at("listeners")
          .at(i)
          .require(
              config.listeners().containsKey(id),
              Suggestion.unknown("listener", id, config.listeners().keySet()));
      problems
          .at("listeners")
          .at(i)
          .require(
              !config.passesThrough(id),
              id + " has protocol: tcp and knows no routes (expected: one with the protocol http)");
    }
    for (int i = 0; i < filters.size(); i++) {
      Problems at = problems.at("filters").at(i);
      if (filters.get(i) instanceof FilterRef.Named named) {
        at.require(
            config.filters().containsKey(named.id()),
            Suggestion.unknown("filter", named.id(), config.filters().keySet()));
      } else if (filters.get(i) instanceof FilterRef.Inline inline) {
        inline.settings().check(config, at);
      }
    }
    match.check(problems.at("match"));
    handler.check(config, problems.atKeyOf(handler));
  }
}
