package io.sentinelgateway.discovery;

import io.sentinelgateway.discovery.Api.Answer;
import io.sentinelgateway.schema.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * The EndpointSlices of one service at a Kubernetes API server, asked for as the service account.
 * Confined to one context.
 */
final class SliceApi implements AutoCloseable {

  private static final String NAMESPACE_FILE =
      "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

  private final Vertx vertx;
  private final KubernetesDiscovery.Settings settings;
  private final Api api;

  private SliceApi(Vertx vertx, KubernetesDiscovery.Settings settings, Api api) {
    this.vertx = vertx;
    this.settings = settings;
    this.api = api;
  }

  /**
   * @throws IllegalArgumentException when there is no API server, neither set nor around
   */
  static SliceApi of(KubernetesDiscovery.Settings settings, DiscoveryWiring wiring) {
    String base =
        settings
            .api()
            .or(() -> inCluster(wiring.environment()))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no api is set, and KUBERNETES_SERVICE_HOST neither"
                            + " (expected: one of them)"));
    return new SliceApi(wiring.vertx(), settings, new Api(wiring.vertx(), base, settings.caFile()));
  }

  private static Optional<String> inCluster(Function<String, Optional<String>> environment) {
    return environment
        .apply("KUBERNETES_SERVICE_HOST")
        .map(host -> host.indexOf(':') >= 0 ? '[' + host + ']' : host)
        .map(host -> host + ':' + environment.apply("KUBERNETES_SERVICE_PORT").orElse("443"))
        .map(authority -> "https://" + authority);
  }

  /** All slices of the service. */
  Future<Answer> list() {
    return account()
        .compose(account -> api.get(account.target(""), account.fields(), settings.timeout()));
  }

  /** What changes after that version, line by line. */
  Future<HttpClientResponse> watch(String version) {
    String query =
        "&watch=true&allowWatchBookmarks=true&timeoutSeconds="
            + Math.max(1, settings.watch().toSeconds())
            + "&resourceVersion="
            + version;
    Duration patience = settings.timeout();
    return account()
        .compose(account -> api.open(account.target(query), account.fields(), patience));
  }

  /** Who asks, and about which service. */
  private record Account(String namespace, String service, Map<String, String> fields) {

    String target(String query) {
      return "/apis/discovery.k8s.io/v1/namespaces/"
          + namespace
          + "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D"
          + service
          + query;
    }
  }

  /** Read each time: the kubelet replaces the token long before it expires. */
  private Future<Account> account() {
    Callable<Account> read =
        () -> {
          String namespace = settings.namespace().orElseGet(() -> content(NAMESPACE_FILE));
          Map<String, String> fields =
              api.secure()
                  ? Map.of("authorization", "Bearer " + content(settings.tokenFile()))
                  : Map.of();
          return new Account(namespace, settings.service(), fields);
        };
    return vertx.executeBlocking(read);
  }

  private static String content(String file) {
    return Secret.parse("file:" + file).reveal().strip();
  }

  @Override
  public void close() {
    api.close();
  }
}
