package io.sentinelgateway.observe;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sentinelgateway.agent.Agent;
import io.sentinelgateway.agent.Agents;
import io.sentinelgateway.discovery.DiscoveryStatus;
import io.sentinelgateway.observe.PoolGauges.PoolCounts;
import io.sentinelgateway.tls.CertificateSet;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of one gateway. Thread-safe; each of its {@link LoopMetrics} is written by one loop.
 *
 * <p>Three sources come together in one registry when somebody scrapes: the gateway's own per-loop
 * counters, folded; the JVM's and the process's, through Micrometer's binders; and what Vert.x
 * counts of its worker pools and Netty of its buffers. Vert.x's own HTTP and TCP meters are off:
 * they cost microseconds per request and know no routes.
 */
public final class GatewayMetrics implements AutoCloseable {

  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final List<LoopMetrics> loops;
  private final ReloadMetrics reloads = new ReloadMetrics();
  private final HealthMetrics health = new HealthMetrics();
  private final String version;
  private volatile @Nullable Agents agents;
  private volatile @Nullable AccessLog accessLog;
  private volatile Map<String, CertificateSet> certificates = Map.of();
  private volatile Supplier<Map<String, DiscoveryStatus>> discoveries = Map::of;
  private volatile List<Upstream> upstreams = List.of();

  /**
   * Text in an exposition format.
   *
   * @param contentType value of Content-Type
   * @param text the metrics
   */
  public record Exposition(String contentType, String text) {}

  /**
   * Metrics of a gateway with so many event loops.
   *
   * @param version the gateway's own version, shown as a label
   */
  public GatewayMetrics(int loops, String version) {
    this.loops = Stream.generate(LoopMetrics::new).limit(loops).toList();
    this.version = version;
    registry.getPrometheusRegistry().register(new Own());
    gc.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** For {@code Vertx.builder().withMetrics(…)}. */
  public VertxMetricsFactory factory() {
    return new MicrometerMetricsFactory(registry);
  }

  /** For {@code VertxOptions.setMetricsOptions(…)}. */
  public MetricsOptions options() {
    MicrometerMetricsOptions options =
        new MicrometerMetricsOptions()
            // The library keeps registries by name for the whole process; two gateways are two.
            .setRegistryName("sentinel-" + Integer.toHexString(System.identityHashCode(registry)))
            .setNettyMetricsEnabled(true);
    for (MetricsDomain domain : MetricsDomain.values()) {
      if (domain != MetricsDomain.NAMED_POOLS) {
        options.addDisabledMetricsCategory(domain);
      }
    }
    return options.setEnabled(true);
  }

  /** The counters of an event loop. */
  public LoopMetrics loop(int index) {
    return loops.get(index);
  }

  /** Connections to origin servers by upstream, as they were at most a second ago. */
  public Map<String, PoolCounts> pools() {
    return PoolFold.totals(loops);
  }

  /** The same for one upstream, by address of the target. */
  public Map<String, PoolCounts> pools(String upstream) {
    return PoolFold.targets(loops, upstream);
  }

  public ReloadMetrics reloads() {
    return reloads;
  }

  public HealthMetrics health() {
    return health;
  }

  /** Says whose lines are counted. */
  public void accessLog(AccessLog log) {
    accessLog = log;
  }

  /** Says which certificates are in use, by listener. */
  public void certificates(Map<String, CertificateSet> inUse) {
    certificates = Map.copyOf(inUse);
  }

  /** Says who knows how the sources of targets are doing, by upstream; asked on any thread. */
  public void discoveries(Supplier<Map<String, DiscoveryStatus>> statuses) {
    discoveries = statuses;
  }

  /** How the sources of targets are doing, by upstream. */
  public Map<String, DiscoveryStatus> discoveries() {
    return discoveries.get();
  }

  private static void discovery(String upstream, DiscoveryStatus status, Families out) {
    out.gauge(Metric.DISCOVERY_TARGETS, status.targets(), upstream);
    out.counter(Metric.DISCOVERY_UPDATES, status.updates(), upstream);
    out.counter(Metric.DISCOVERY_FAILURES, status.failures(), upstream);
    status
        .lastSuccess()
        .ifPresent(
            at -> out.gauge(Metric.DISCOVERY_LAST_SUCCESS, at.toEpochMilli() / 1e3, upstream));
  }

  /** Says which agents there are. */
  public void agents(Agents known) {
    agents = known;
  }

  /** The agents in use. */
  public Collection<Agent> agents() {
    Agents known = agents;
    return known == null ? List.of() : known.all();
  }

  /** Says which upstreams are in use. */
  public void upstreams(Collection<Upstream> inUse) {
    upstreams = List.copyOf(inUse);
  }

  /** A file that stands twice in a listener is told of once. */
  private void expiry(String listener, CertificateSet set, Families out) {
    Map<String, Instant> ends = new TreeMap<>();
    set.certificates().forEach(c -> ends.putIfAbsent(c.file(), c.expires()));
    ends.forEach(
        (file, end) ->
            out.gauge(Metric.TLS_CERTIFICATE_EXPIRY, end.getEpochSecond(), listener, file));
  }

  /**
   * Drops the series of everything else. Call when a configuration version retired, with the ids of
   * the one in force.
   */
  public void retain(Set<String> routes, Set<String> upstreams, Set<String> listeners) {
    loops.forEach(loop -> loop.retain(routes, upstreams, listeners));
    health.retain(upstreams);
  }

  /**
   * Reads everything. Takes milliseconds with thousands of routes: not for an event loop that
   * serves clients.
   *
   * @param accept the Accept field of the request: OpenMetrics is given to those who name it
   */
  public Exposition scrape(String accept) {
    String type = accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS;
    return new Exposition(type, registry.scrape(type));
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  /** The gateway's own families. */
  private final class Own implements MultiCollector {

    @Override
    public MetricSnapshots collect() {
      Families out = new Families();
      new LoopFold(loops, out).fold();
      new SheddingFold(out).fold(upstreams);
      certificates.forEach((listener, set) -> expiry(listener, set, out));
      agents().forEach(agent -> AgentFold.fold(agent, out));
      discoveries().forEach((upstream, status) -> discovery(upstream, status, out));
      AccessLog log = accessLog;
      if (log != null) {
        out.counter(Metric.ACCESS_LOG_LINES, log.written(), "written");
        out.counter(Metric.ACCESS_LOG_LINES, log.dropped(), "dropped");
        out.counter(Metric.ACCESS_LOG_LINES, log.lost(), "lost");
      }
      reloads.expose(out);
      health.expose(upstreams, out);
      out.info(Metric.BUILD_INFO, version, Runtime.version().toString());
      return out.snapshots();
    }

    @Override
    public List<String> getPrometheusNames() {
      return Stream.of(Metric.values()).map(Metric::family).toList();
    }
  }
}
