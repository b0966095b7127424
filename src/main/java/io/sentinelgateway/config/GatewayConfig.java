package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Ids;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.util.List;
import java.util.Map;

/**
 * The whole configuration, immutable and equal by value: an equal one is not a reload. Maps keep
 * the order of the file.
 */
@Doc("The configuration of one gateway: a file, or a directory of files merged by id.")
public record GatewayConfig(
    @Doc("Version of this format. Always 1.") @Range(min = "1", max = "1") int version,
    @Doc("The process: event loops, transport, shutdown, who is trusted.") @Default("{}")
        ServerConfig server,
    @Doc("The administration listener: health, metrics, status. Never public by default.")
        @Default("{}")
        AdminConfig admin,
    @Doc("Access log and the gateway's own log.") @Default("{}") LogConfig log,
    @Doc("Addresses that accept clients, by id.") @Ids @Default("{}")
        Map<String, ListenerConfig> listeners,
    @Doc("Groups of interchangeable origin servers, by id.") @Ids @Default("{}")
        Map<String, UpstreamConfig> upstreams,
    @Doc("Programs outside of the gateway that filters of `type: agent` ask, by id.")
        @Ids
        @Default("{}")
        Map<String, AgentConfig> agents,
    @Doc("Filters named once and used by routes, by id.") @Ids @Default("{}")
        Map<String, FilterSettings> filters,
    @Doc("Which requests go where, by id.") @Ids @Default("{}") Map<String, RouteConfig> routes,
    @Doc("Requests with the decision they must get; judged by `check` and before each reload.")
        @Default("[]")
        List<RouteTest> tests) {

  /** True for a listener that passes bytes on and reads no requests. */
  boolean passesThrough(String listener) {
    ListenerConfig config = listeners.get(listener);
    return config != null && config.protocol() == ListenerConfig.Layer.TCP;
  }

  /** Adds every problem that only the whole configuration shows. */
  public void check(Problems problems) {
    problems
        .at("listeners")
        .require(!listeners.isEmpty(), "none (expected: at least one listener)");
    server.check(problems.at("server"));
    admin.check(problems.at("admin"));
    listeners.forEach((id, l) -> l.check(this, id, problems.at("listeners").at(id)));
    upstreams.forEach((id, u) -> u.check(id, this, problems.at("upstreams").at(id)));
    agents.forEach((id, a) -> a.check(problems.at("agents").at(id)));
    filters.forEach((id, f) -> f.check(this, problems.at("filters").at(id)));
    routes.forEach((id, r) -> r.check(this, problems.at("routes").at(id)));
    for (int i = 0; i < tests.size(); i++) {
      tests.get(i).check(this, problems.at("tests").at(i));
    }
  }
}
