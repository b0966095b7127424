package io.sentinelgateway.discovery;

import static io.sentinelgateway.discovery.ScriptedCluster.endpoint;
import static io.sentinelgateway.discovery.ScriptedCluster.ready;
import static io.sentinelgateway.discovery.ScriptedCluster.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.verticle.Eventually;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists and watches, also where an API server is less kind than usual. */
class KubernetesDiscoveryTest {

  private final ScriptedCluster cluster = new ScriptedCluster(new HttpServerOptions());

  @AfterEach
  void close() {
    cluster.close();
  }

  private Followed follow(String more) {
    return Followed.source(
        ("{type: kubernetes, api: \"http://127.0.0.1:%d\", namespace: web, service: shop,"
                + " port: http, timeout: 500ms %s}")
            .formatted(cluster.port(), more));
  }

  private void watched() {
    Eventually.holds("it watches", cluster::watched);
  }

  @Test
  void listsAndThenWatches() {
    cluster.lists(100, slice("a", 90, ready("10.0.0.1")), slice("b", 91, ready("10.0.0.2")));
    try (Followed source = follow("")) {
      source.finds("10.0.0.1:8080 1 0", "10.0.0.2:8080 1 0");
      watched();
      cluster.event("MODIFIED", slice("a", 101, ready("10.0.0.1"), ready("10.0.0.3")));
      source.finds("10.0.0.1:8080 1 0", "10.0.0.2:8080 1 0", "10.0.0.3:8080 1 0");
      cluster.event("DELETED", slice("b", 102));
      source.finds("10.0.0.1:8080 1 0", "10.0.0.3:8080 1 0");
      cluster.event("ADDED", slice("c", 103, ready("10.0.0.4")));
      source.finds("10.0.0.1:8080 1 0", "10.0.0.3:8080 1 0", "10.0.0.4:8080 1 0");
      assertThat(List.copyOf(cluster.asked()))
          .containsExactly(
              "/apis/discovery.k8s.io/v1/namespaces/web/endpointslices"
                  + "?labelSelector=kubernetes.io%2Fservice-name%3Dshop",
              "/apis/discovery.k8s.io/v1/namespaces/web/endpointslices"
                  + "?labelSelector=kubernetes.io%2Fservice-name%3Dshop"
                  + "&watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=100");
      assertThat(source.failures()).isEmpty();
    }
  }

  @Test
  void goesOnFromTheLastBookmarkWhenAWatchEnds() {
    cluster.lists(100, slice("a", 90, ready("10.0.0.1")));
    try (Followed source = follow("")) {
      watched();
      cluster.event("BOOKMARK", "{\"metadata\": {\"resourceVersion\": \"170\"}}");
      cluster.endWatch();
      watched();
      assertThat(cluster.lists()).isEqualTo(1);
      assertThat(cluster.asked()).last().asString().endsWith("resourceVersion=170");
      assertThat(source.failures()).isEmpty();
    }
  }

  @Test
  void listsAgainWhenTheVersionIsGoneInTheWatch() {
    cluster.lists(100, slice("a", 90, ready("10.0.0.1")));
    try (Followed source = follow("")) {
      source.finds("10.0.0.1:8080 1 0");
      watched();
      cluster.lists(200, slice("a", 190, ready("10.0.0.2")));
      cluster.event("ERROR", "{\"code\": 410, \"message\": \"too old resource version\"}");
      source.finds("10.0.0.2:8080 1 0");
      assertThat(cluster.lists()).isEqualTo(2);
    }
  }

  @Test
  void listsAgainWhenTheVersionIsGoneBeforeTheWatch() {
    cluster.lists(100, slice("a", 90, ready("10.0.0.1")));
    cluster.watchesEndWith(410);
    try (Followed source = follow("")) {
      source.finds("10.0.0.1:8080 1 0");
      cluster.lists(200, slice("a", 190, ready("10.0.0.2")));
      source.finds("10.0.0.2:8080 1 0");
    }
  }

  @Test
  void survivesACutInTheMiddleOfALine() {
    cluster.lists(100, slice("a", 90, ready("10.0.0.1")));
    try (Followed source = follow("")) {
      source.finds("10.0.0.1:8080 1 0");
      watched();
      cluster.write("{\"type\": \"MODIFIED\", \"object\": {\"metadata\"");
      cluster.cutWatch();
      watched();
      assertThat(cluster.lists()).isEqualTo(1);
      assertThat(source.shown()).containsExactly("10.0.0.1:8080 1 0");
      cluster.event("MODIFIED", slice("a", 101, ready("10.0.0.2")));
      source.finds("10.0.0.2:8080 1 0");
    }
  }

  @Test
  void endsALineThatNeverEnds() {
    cluster.lists(100, slice("a", 90, ready("10.0.0.1")));
    try (Followed source = follow("")) {
      watched();
      cluster.write("x".repeat(5 * 1024 * 1024));
      Eventually.holds("it watches anew", () -> cluster.watches() >= 2);
      assertThat(source.failures()).isNotEmpty();
      assertThat(source.shown()).containsExactly("10.0.0.1:8080 1 0");
    }
  }

  @Test
  void doesNotTrustASilentConnectionForEver() {
    cluster.lists(100, slice("a", 90, ready("10.0.0.1")));
    try (Followed source = follow(", watch: 1s")) {
      source.fails("the watch did not end in time");
      Eventually.holds("it watches anew", () -> cluster.watches() >= 2);
    }
  }

  @Test
  void leavesOutWhatIsNotReadyAndWhatIsAboutToEnd() {
    cluster.lists(
        100,
        slice(
            "a",
            90,
            endpoint("10.0.0.1", "", ", \"zone\": \"eu-1a\""),
            endpoint("10.0.0.2", "\"ready\": false", ""),
            endpoint("10.0.0.3", "\"ready\": true, \"terminating\": true", ""),
            endpoint(
                "10.0.0.4", "\"ready\": false, \"serving\": true, \"terminating\": true", "")));
    try (Followed source = follow("")) {
      source.finds("10.0.0.1:8080 1 0 eu-1a");
    }
  }

  @Test
  void usesThoseThatStillServeWhenAllAreAboutToEnd() {
    cluster.lists(
        100,
        slice(
            "a",
            90,
            endpoint("10.0.0.1", "\"ready\": false, \"serving\": true, \"terminating\": true", ""),
            endpoint(
                "10.0.0.2", "\"ready\": false, \"serving\": false, \"terminating\": true", "")));
    try (Followed source = follow("")) {
      source.finds("10.0.0.1:8080 1 0");
    }
  }

  @Test
  void respectsHintsForItsZone() {
    String here = ", \"hints\": {\"forZones\": [{\"name\": \"eu-1a\"}]}";
    String there = ", \"hints\": {\"forZones\": [{\"name\": \"eu-1b\"}]}";
    cluster.lists(
        100, slice("a", 90, endpoint("10.0.0.1", "", here), endpoint("10.0.0.2", "", there)));
    try (Followed source = follow(", zone: eu-1a")) {
      source.finds("10.0.0.1:8080 1 0");
      watched();
      cluster.event("MODIFIED", slice("a", 101, endpoint("10.0.0.2", "", there)));
      source.finds("10.0.0.2:8080 1 0");
    }
  }

  @Test
  void saysWhichPortsThereAreWhenItsPortIsNone() {
    cluster.lists(100, slice("a", 90, ready("10.0.0.1")));
    try (Followed source =
        Followed.source(
            "{type: kubernetes, api: \"http://127.0.0.1:%d\", namespace: web, service: shop}"
                .formatted(cluster.port()))) {
      source.fails("port is not set (expected: one of http (8080), admin (9901))");
    }
  }

  @Test
  void saysThatThereIsNoClusterAround() {
    try (Followed source = Followed.source("{type: kubernetes, service: shop}")) {
      source.fails("KUBERNETES_SERVICE_HOST");
    }
  }
}
