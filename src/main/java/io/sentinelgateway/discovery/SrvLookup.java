package io.sentinelgateway.discovery;

import io.netty.handler.codec.dns.DnsRecordType;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.discovery.DnsAnswer.Service;
import io.sentinelgateway.discovery.DnsDiscovery.DnsLookup;
import io.sentinelgateway.discovery.DnsDiscovery.Looked;
import io.sentinelgateway.schema.Address;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Hosts and ports of a service by its SRV records (RFC 2782), and the addresses of the hosts.
 * Confined to one context.
 *
 * <p>Priorities become 0, 1, 2… in their order, since only that counts. Weights are made smaller in
 * proportion where they are larger than a target's may be; a weight of 0, which means "hardly
 * ever", becomes 1.
 */
final class SrvLookup implements DnsLookup {

  private static final int MOST_WEIGHT = 1000;
  private static final int LAST_PRIORITY = 100;

  private final DnsQueries queries;
  private final DnsNames names;
  private final String name;
  private final int most;
  private List<Service> known = List.of();

  /**
   * @param most hosts that are looked up
   */
  SrvLookup(DnsQueries queries, DnsNames names, String name, int most) {
    this.queries = queries;
    this.names = names;
    this.name = name;
    this.most = most;
  }

  private record Host(Service service, DnsNames.Known known) {}

  @Override
  public Future<Looked> look() {
    return queries
        .ask(name, DnsRecordType.SRV)
        .transform(
            asked -> {
              List<String> troubles = new ArrayList<>();
              if (asked.succeeded()) {
                learn(asked.result(), troubles);
              } else {
                troubles.add(String.valueOf(asked.cause().getMessage()));
              }
              long ttl = asked.succeeded() ? asked.result().ttlSeconds() : Long.MAX_VALUE;
              return addresses(ttl, troubles);
            });
  }

  private void learn(DnsAnswer answer, List<String> troubles) {
    List<Service> services =
        answer.data().stream()
            .filter(Service.class::isInstance)
            .map(Service.class::cast)
            // The root as host says that there decidedly is no such service.
            .filter(service -> !service.host().isEmpty() && service.port() > 0)
            .limit(most)
            .toList();
    if (services.isEmpty()) {
      troubles.add(name + " has no SRV records");
    } else {
      known = services;
    }
  }

  private Future<Looked> addresses(long ttl, List<String> troubles) {
    Map<String, Future<DnsNames.Known>> asked = new LinkedHashMap<>();
    known.forEach(service -> asked.computeIfAbsent(service.host(), names::look));
    names.retain(asked.keySet());
    return Future.join(List.copyOf(asked.values()))
        .map(
            done -> {
              long least = ttl;
              for (Future<DnsNames.Known> host : asked.values()) {
                least = Math.min(least, host.result().ttlSeconds());
                troubles.addAll(host.result().troubles());
              }
              List<Host> hosts =
                  known.stream().map(s -> new Host(s, asked.get(s.host()).result())).toList();
              return new Looked(targets(hosts), least, troubles);
            });
  }

  private static List<TargetConfig> targets(List<Host> hosts) {
    List<Integer> priorities =
        List.copyOf(new TreeSet<>(hosts.stream().map(h -> h.service().priority()).toList()));
    int heaviest = hosts.stream().mapToInt(h -> h.service().weight()).max().orElse(1);
    Map<Address, TargetConfig> targets = new LinkedHashMap<>();
    for (Host host : hosts) {
      int weight = weight(host.service().weight(), heaviest);
      int priority = Math.min(LAST_PRIORITY, priorities.indexOf(host.service().priority()));
      for (String ip : host.known().addresses()) {
        Address address = new Address(ip, host.service().port());
        targets.putIfAbsent(address, new TargetConfig(address, weight, "", priority));
      }
    }
    return List.copyOf(targets.values());
  }

  private static int weight(int weight, int heaviest) {
    int scaled =
        heaviest > MOST_WEIGHT
            ? (int) Math.round((double) weight * MOST_WEIGHT / heaviest)
            : weight;
    return Math.max(1, scaled);
  }
}
