package io.sentinelgateway.discovery;

import io.netty.handler.codec.dns.DnsRecordType;
import io.sentinelgateway.discovery.DnsAnswer.Ip;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The addresses of names, each family on its own: when one cannot be asked for, its last answer
 * stands while the other goes on. Confined to one context.
 */
final class DnsNames {

  private final DnsQueries queries;
  private final List<DnsRecordType> families;
  private final Map<String, Map<DnsRecordType, List<String>>> known = new HashMap<>();

  /**
   * @param families A, AAAA, or both
   */
  DnsNames(DnsQueries queries, List<DnsRecordType> families) {
    this.queries = queries;
    this.families = List.copyOf(families);
  }

  /**
   * What is known of a name by now.
   *
   * @param addresses IP literals
   * @param ttlSeconds how long that holds
   * @param troubles what could not be asked
   */
  record Known(List<String> addresses, long ttlSeconds, List<String> troubles) {}

  /** Never fails: what is wrong is said beside what is known. */
  Future<Known> look(String name) {
    Map<DnsRecordType, Future<DnsAnswer>> asked = new HashMap<>();
    families.forEach(family -> asked.put(family, queries.ask(name, family)));
    return Future.join(List.copyOf(asked.values()))
        .transform(done -> Future.succeededFuture(learn(name, asked)));
  }

  private Known learn(String name, Map<DnsRecordType, Future<DnsAnswer>> asked) {
    Map<DnsRecordType, List<String>> last = known.computeIfAbsent(name, n -> new HashMap<>());
    List<String> troubles = new ArrayList<>();
    asked.values().stream()
        .filter(Future::failed)
        .forEach(answer -> troubles.add(String.valueOf(answer.cause().getMessage())));
    // A name without any address is more likely a mistake than a wish.
    boolean any =
        asked.values().stream().anyMatch(a -> a.succeeded() && !a.result().data().isEmpty());
    if (!any && troubles.isEmpty()) {
      troubles.add(name + " has no addresses");
    }
    long ttl = Long.MAX_VALUE;
    for (DnsRecordType family : families) {
      Future<DnsAnswer> answer = asked.get(family);
      if (any && answer != null && answer.succeeded()) {
        last.put(family, literals(answer.result()));
        ttl = Math.min(ttl, answer.result().ttlSeconds());
      }
    }
    List<String> addresses =
        families.stream().flatMap(f -> last.getOrDefault(f, List.of()).stream()).toList();
    return new Known(addresses, ttl, troubles);
  }

  private static List<String> literals(DnsAnswer answer) {
    return answer.data().stream()
        .filter(Ip.class::isInstance)
        .map(data -> ((Ip) data).literal())
        .distinct()
        .toList();
  }

  /** Forgets all other names. */
  void retain(Collection<String> names) {
    known.keySet().retainAll(names);
  }
}
