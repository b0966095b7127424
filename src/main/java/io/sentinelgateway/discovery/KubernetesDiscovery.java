package io.sentinelgateway.discovery;

import io.sentinelgateway.config.DiscoveryConfig;
import io.sentinelgateway.config.DiscoverySettings;
import io.sentinelgateway.discovery.Api.Answer;
import io.sentinelgateway.resilience.Backoff;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Inlined;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the EndpointSlices of a service: lists them once, then watches from that version on. A
 * watch that ends goes on from the last version seen; one whose version is gone lists again.
 */
final class KubernetesDiscovery implements Discovery {

  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  /** A watch that lasted so long was no failure, whatever it brought. */
  private static final Duration STEADY = Duration.ofSeconds(5);

  private static final int GONE = 410;

  /** {@code discovery: {type: kubernetes}} */
  @Doc("Follows the EndpointSlices of a Kubernetes service.")
  record Settings(
      @Doc("Name of the service.") String service,
      @Doc("Its namespace; absent: the one this gateway runs in.") Optional<String> namespace,
      @Doc("Name of the port, or its number on the pods; absent: the only one.")
          Optional<String> port,
      @Doc("Zone of this gateway; with it the hints of topology-aware routing count.")
          Optional<String> zone,
      @Doc("The API server; absent: the one of the cluster this gateway runs in.")
          Optional<String> api,
      @Doc("Token of the service account, read for each request; it is sent over https only.")
          @Default("/var/run/secrets/kubernetes.io/serviceaccount/token")
          String tokenFile,
      @Doc("Certificates that are trusted for the API server.")
          @Default("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
          String caFile,
      @Doc("How long a watch lasts before it is asked for anew.")
          @Default("5m")
          @Range(min = "1s", max = "1h")
          Duration watch,
      @Doc("How long the API server may take for an answer.")
          @Default("10s")
          @Range(min = "100ms", max = "1m")
          Duration timeout,
      @Inlined DiscoveryConfig common)
      implements DiscoverySettings {

    @Override
    public void check(Problems problems) {
      name(problems.at("service"), service);
      namespace.ifPresent(name -> name(problems.at("namespace"), name));
      api.ifPresent(base -> Api.check(base, problems.at("api")));
    }

    /** RFC 1123, section 2.1: a label. */
    private static void name(Problems problems, String name) {
      problems.require(
          name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
          '"' + name + "\" (expected: lower-case letters, digits and '-')");
    }
  }

  private final Settings settings;
  private final DiscoveryWiring wiring;
  private final Findings findings;
  private final EndpointSlices slices;
  private final Alarm again;
  private final Alarm steady;
  private final Backoff backoff;
  private @Nullable SliceApi api;
  private @Nullable WatchStream watch;
  private String version = "";
  private boolean stopped;

  KubernetesDiscovery(Settings settings, DiscoveryWiring wiring) {
    this.settings = settings;
    this.wiring = wiring;
    this.findings = wiring.findings();
    this.slices = new EndpointSlices(settings.port().orElse(""), settings.zone().orElse(""));
    this.again = new Alarm(wiring.vertx());
    this.steady = new Alarm(wiring.vertx());
    this.backoff = new Backoff(wiring.random());
  }

  @Override
  public void start() {
    try {
      api = SliceApi.of(settings, wiring);
      look();
    } catch (IllegalArgumentException e) {
      findings.failed(String.valueOf(e.getMessage()));
    }
  }

  /** Lists, or goes on watching from the version that is known. */
  private void look() {
    SliceApi current = api;
    if (stopped || current == null) {
      return;
    }
    if (version.isEmpty()) {
      current.list().onSuccess(this::listed).onFailure(e -> failed(ClusterTrouble.of(e)));
    } else {
      current.watch(version).onSuccess(this::watching).onFailure(e -> failed(ClusterTrouble.of(e)));
    }
  }

  private void listed(Answer answer) {
    if (stopped) {
      return;
    }
    if (answer.head().statusCode() != 200) {
      failed(ClusterTrouble.of(answer.head().statusCode(), answer.content().toString()));
      return;
    }
    try {
      JsonObject list = answer.content().toJsonObject();
      slices.replace(list.getJsonArray("items"));
      version = list.getJsonObject("metadata").getString("resourceVersion", "");
      tell();
    } catch (RuntimeException e) {
      version = "";
      failed("the API server sent what is no list of slices: " + e.getMessage());
      return;
    }
    look();
  }

  private void watching(HttpClientResponse response) {
    if (stopped) {
      response.request().reset();
    } else if (response.statusCode() == 200) {
      steady.set(STEADY, this::steady);
      watch =
          new WatchStream(wiring.vertx(), response, settings.watch().plus(settings.timeout()))
              .start(this::event, this::ended);
    } else {
      response.request().reset();
      if (response.statusCode() == GONE) {
        version = "";
      }
      failed("the API server answered a watch with " + response.statusCode());
    }
  }

  /** Whatever broke an earlier watch is over, though a quiet service gave no event to tell it. */
  private void steady() {
    backoff.reset();
    tell();
  }

  private void event(JsonObject event) {
    JsonObject object = event.getJsonObject("object");
    String type = event.getString("type", "");
    if (type.equals("ERROR")) {
      // 410 says that the version is gone; after any other error a list is the safe way too.
      version = "";
      throw new IllegalArgumentException(
          "the watch ended: " + object.getInteger("code") + ' ' + object.getString("message"));
    }
    switch (type) {
      case "ADDED", "MODIFIED" -> slices.put(object);
      case "DELETED" -> slices.remove(object);
      default -> {
        // A bookmark: it says only how far the watch has come.
      }
    }
    version = object.getJsonObject("metadata").getString("resourceVersion", version);
    backoff.reset();
    tell();
  }

  private void tell() {
    findings.found(slices.targets(), slices.trouble());
  }

  /**
   * @param trouble empty when the watch came to its regular end
   */
  private void ended(String trouble) {
    watch = null;
    steady.cancel();
    if (trouble.isEmpty() && !stopped) {
      again.set(backoff.pause(FIRST_RETRY, LAST_RETRY), this::look);
    } else {
      failed(trouble);
    }
  }

  private void failed(String why) {
    if (!stopped) {
      findings.failed(why);
      again.set(backoff.pause(FIRST_RETRY, LAST_RETRY), this::look);
    }
  }

  @Override
  public void stop() {
    stopped = true;
    again.cancel();
    steady.cancel();
    WatchStream stream = watch;
    if (stream != null) {
      stream.close();
    }
    SliceApi current = api;
    if (current != null) {
      current.close();
    }
  }
}
