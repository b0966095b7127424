package io.sentinelgateway.discovery;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.sentinelgateway.discovery.SliceStore.Change;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import okhttp3.mockwebserver.MockWebServer;

/**
 * A cluster whose slices are written by a Kubernetes client into fabric8's mock, and an API server
 * on top that lists and watches them as a real one does: events from the version that is asked for,
 * bookmarks, a history that ends somewhere, and connections that break.
 */
public final class MockedCluster implements AutoCloseable {

  private static final String NAMESPACE = "web";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final io.vertx.core.Context loop = vertx.getOrCreateContext();
  private final SliceStore store = new SliceStore(c -> loop.runOnContext(v -> add(c)));
  private final KubernetesMockServer mock =
      new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), store, false);
  private final NamespacedKubernetesClient client;
  private final HttpServer server;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  // On the loop.
  private final List<Change> history = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private long newest;
  private long compacted;

  private volatile boolean reachable = true;

  /** One that is under way. */
  private record Watch(String service, long from, HttpServerResponse response) {

    void tell(Change change) {
      String event = change.version() > from ? change.event(service) : "";
      if (!event.isEmpty()) {
        response.write(event + '\n');
      }
    }
  }

  public MockedCluster() {
    mock.init();
    client = mock.createClient();
    server = vertx.createHttpServer(new HttpServerOptions()).requestHandler(this::handle);
    server.listen(0, "127.0.0.1").await();
  }

  public int port() {
    return server.actualPort();
  }

  // What operators and controllers do

  public static Endpoint ready(String address) {
    return endpoint(address, true, true, false);
  }

  public static Endpoint endpoint(
      String address, boolean ready, boolean serving, boolean terminating) {
    return new EndpointBuilder()
        .withAddresses(address)
        .withNewConditions(ready, serving, terminating)
        .build();
  }

  public static Endpoint hinted(String address, String zone) {
    return new EndpointBuilder(ready(address))
        .withZone(zone)
        .withNewHints()
        .addNewForZone(zone)
        .endHints()
        .build();
  }

  /** A slice whose endpoints listen on this port. */
  public static EndpointSlice slice(String name, String service, int port, Endpoint... endpoints) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(NAMESPACE)
        .addToLabels("kubernetes.io/service-name", service)
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort(null, "http", port, "TCP")
        .withEndpoints(endpoints)
        .build();
  }

  public void create(EndpointSlice slice) {
    resource(slice).create();
  }

  public void update(EndpointSlice slice) {
    resource(slice).update();
  }

  public void delete(EndpointSlice slice) {
    resource(slice).delete();
  }

  private Resource<EndpointSlice> resource(EndpointSlice slice) {
    return client.discovery().v1().endpointSlices().inNamespace(NAMESPACE).resource(slice);
  }

  // What an API server does

  private void handle(HttpServerRequest request) {
    if (!reachable) {
      request.connection().close();
      return;
    }
    asked.add(request.uri());
    if (request.getParam("watch") == null) {
      request.response().end(store.list(request.uri()));
    } else {
      watch(request);
    }
  }

  private void watch(HttpServerRequest request) {
    String service = request.getParam("labelSelector").replaceFirst(".*=", "");
    long from = Long.parseLong(request.getParam("resourceVersion"));
    HttpServerResponse response = request.response().setChunked(true);
    response.writeHead();
    if (from < compacted) {
      JsonObject gone =
          new JsonObject().put("code", 410).put("message", "too old resource version: " + from);
      response.end(new JsonObject().put("type", "ERROR").put("object", gone).encode() + '\n');
      return;
    }
    Watch watch = new Watch(service, from, response);
    history.forEach(watch::tell);
    watches.add(watch);
    long end = Long.parseLong(request.getParam("timeoutSeconds")) * 1000;
    vertx.setTimer(end, fired -> end(watch));
  }

  private void end(Watch watch) {
    if (watches.remove(watch)) {
      watch.response().end();
    }
  }

  private void add(Change change) {
    newest = change.version();
    history.add(change);
    watches.forEach(watch -> watch.tell(change));
  }

  private void onLoop(Runnable work) {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(
        v -> {
          work.run();
          done.complete();
        });
    done.future().await();
  }

  // What the tests ask of it

  /** Tells all that watch how far the history has come. */
  public void bookmark() {
    onLoop(
        () ->
            watches.forEach(
                watch ->
                    watch
                        .response()
                        .write(
                            "{\"type\": \"BOOKMARK\", \"object\": {\"kind\": \"EndpointSlice\","
                                + " \"metadata\": {\"resourceVersion\": \""
                                + newest
                                + "\"}}}\n")));
  }

  /** Forgets what has happened so far: who watches from before it must list again. */
  public void compact() {
    onLoop(
        () -> {
          history.clear();
          compacted = newest;
        });
  }

  /** Breaks all watches in the middle of a line. */
  public void cut() {
    onLoop(
        () -> {
          watches.forEach(
              watch -> {
                watch.response().write("{\"type\": \"DELETED\", \"object\": {\"metadata\": {");
                watch.response().reset();
              });
          watches.clear();
        });
  }

  /** From now on every connection breaks, and every request is left without an answer. */
  public void down() {
    reachable = false;
    cut();
  }

  public void up() {
    reachable = true;
  }

  public int watches() {
    int[] count = new int[1];
    onLoop(() -> count[0] = watches.size());
    return count[0];
  }

  /** How often the slices were listed. */
  public long lists() {
    return asked.stream().filter(uri -> !uri.contains("watch=true")).count();
  }

  @Override
  public void close() {
    client.close();
    mock.destroy();
    vertx.close().await();
  }
}
