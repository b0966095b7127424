package io.sentinelgateway.discovery;

import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.NetUtil;
import io.sentinelgateway.config.DiscoveryConfig;
import io.sentinelgateway.config.DiscoverySettings;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.resilience.Backoff;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Inlined;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks name servers, and again when their answer has expired. Every address of the name is a
 * target. A question that fails changes nothing and is asked again soon, then less and less often.
 */
final class DnsDiscovery implements Discovery {

  /** Which records are asked for. */
  enum Records {
    /** A and AAAA of the name; the port stands beside it. */
    ADDRESS,
    /** SRV of the name (RFC 2782): hosts, ports, weights and priorities. */
    SRV
  }

  /** Which addresses of a host become targets. */
  enum Family {
    ANY,
    IPV4,
    IPV6
  }

  /** {@code discovery: {type: dns}} */
  @Doc("Asks name servers; all addresses of a name are targets.")
  record Settings(
      @Doc("Fully qualified: `shop.internal:8080`, or for SRV `_http._tcp.shop.internal`.")
          String name,
      @Doc("`address` (A and AAAA), or `srv`, which tells ports, weights and priorities too.")
          @Default("address")
          Records record,
      @Doc("Addresses that become targets: of `any` family, or `ipv4` or `ipv6` alone.")
          @Default("any")
          Family family,
      @Doc("Name servers, by IP address and port, asked in this order; none: the system's.")
          @Default("[]")
          List<Address> servers,
      @Doc("How long a name server may take for an answer.")
          @Default("2s")
          @Range(min = "10ms", max = "30s")
          Duration timeout,
      @Doc("An answer is used for at least so long, whatever its time to live.")
          @Default("1s")
          @Range(min = "100ms", max = "1h")
          Duration minRefresh,
      @Doc("An answer is used for at most so long, and a retry waits no longer.")
          @Default("60s")
          @Range(min = "100ms", max = "1d")
          Duration maxRefresh,
      @Inlined DiscoveryConfig common)
      implements DiscoverySettings {

    @Override
    public void check(Problems problems) {
      boolean named = record == Records.SRV ? hostName(name) : address() != null;
      problems
          .at("name")
          .require(
              named,
              '"'
                  + name
                  + (record == Records.SRV
                      ? "\" (expected: a name without port, such as _http._tcp.shop.internal)"
                      : "\" (expected: name:port, such as shop.internal:8080)"));
      for (int i = 0; i < servers.size(); i++) {
        Address server = servers.get(i);
        boolean usable = server.port() > 0 && literal(server.host());
        problems
            .at("servers")
            .at(i)
            .require(usable, server + " (expected: an IP address and a port)");
      }
      problems
          .at("max-refresh")
          .require(
              maxRefresh.compareTo(minRefresh) >= 0, "less than min-refresh (expected: not less)");
    }

    private static boolean hostName(String text) {
      return text.matches("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?")
          && text.length() <= 254;
    }

    private static boolean literal(String host) {
      return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /** Name and port; {@code null} when the name is not one. */
    @Nullable Address address() {
      int colon = name.lastIndexOf(':');
      String host = colon < 0 ? "" : name.substring(0, colon);
      if (!hostName(host) || literal(host) || !name.substring(colon + 1).matches("[0-9]{1,5}")) {
        return null;
      }
      int port = Integer.parseInt(name.substring(colon + 1));
      return port < 1 || port > 65535 ? null : new Address(host, port);
    }

    private List<DnsRecordType> families() {
      return switch (family) {
        case ANY -> List.of(DnsRecordType.A, DnsRecordType.AAAA);
        case IPV4 -> List.of(DnsRecordType.A);
        case IPV6 -> List.of(DnsRecordType.AAAA);
      };
    }
  }

  private final Settings settings;
  private final Findings findings;
  private final Alarm again;
  private final Backoff backoff;
  private final DnsQueries queries;
  private final DnsLookup lookup;
  private boolean stopped;

  DnsDiscovery(Settings settings, DiscoveryWiring wiring) {
    this.settings = settings;
    this.findings = wiring.findings();
    this.again = new Alarm(wiring.vertx());
    this.backoff = new Backoff(wiring.random());
    this.queries =
        new DnsQueries(
            wiring.dns(),
            wiring.vertx().getOrCreateContext(),
            settings.servers(),
            settings.timeout());
    DnsNames names = new DnsNames(queries, settings.families());
    Address address = settings.address();
    this.lookup =
        settings.record() == Records.SRV || address == null
            ? new SrvLookup(queries, names, settings.name(), settings.common().maxTargets())
            : () -> names.look(address.host()).map(known -> targets(known, address.port()));
  }

  /** One look at all that the source is about. */
  interface DnsLookup {

    /** Never fails: what is wrong is said beside what is known. */
    Future<Looked> look();
  }

  /**
   * What is known by now.
   *
   * @param targets also such as an earlier look found
   * @param ttlSeconds how long that holds
   * @param troubles what could not be asked; then another look is due soon
   */
  record Looked(List<TargetConfig> targets, long ttlSeconds, List<String> troubles) {}

  private static Looked targets(DnsNames.Known known, int port) {
    return new Looked(
        known.addresses().stream().map(ip -> TargetConfig.at(new Address(ip, port))).toList(),
        known.ttlSeconds(),
        known.troubles());
  }

  @Override
  public void start() {
    lookup.look().onSuccess(this::use);
  }

  private void use(Looked looked) {
    if (stopped) {
      return;
    }
    String trouble = String.join("; ", looked.troubles());
    if (!looked.targets().isEmpty()) {
      findings.found(looked.targets(), trouble);
    } else if (!trouble.isEmpty()) {
      findings.failed(trouble);
    }
    if (trouble.isEmpty()) {
      backoff.reset();
      again.set(refresh(looked.ttlSeconds()), this::start);
    } else {
      again.set(backoff.pause(settings.minRefresh(), settings.maxRefresh()), this::start);
    }
  }

  private Duration refresh(long ttlSeconds) {
    Duration most = settings.maxRefresh();
    Duration least = settings.minRefresh();
    if (ttlSeconds >= most.toSeconds() + 1) {
      return most;
    }
    Duration ttl = Duration.ofSeconds(ttlSeconds);
    return ttl.compareTo(least) < 0 ? least : ttl.compareTo(most) > 0 ? most : ttl;
  }

  @Override
  public void stop() {
    stopped = true;
    again.cancel();
    queries.close();
  }
}
