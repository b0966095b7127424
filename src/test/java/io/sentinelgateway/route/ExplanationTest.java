package io.sentinelgateway.route;

import static io.sentinelgateway.route.Samples.exactly;
import static io.sentinelgateway.route.Samples.match;
import static io.sentinelgateway.route.Samples.request;
import static io.sentinelgateway.route.Samples.route;
import static io.sentinelgateway.route.Samples.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  private static final RouteTable SHOP =
      RouteTable.of(
          List.of(
              route("all", match().path("^ /")),
              route("api", match().host("api.example")),
              route(
                  "read",
                  match().host("shop.example").path(": /items/{id}").methods("GET", "HEAD")),
              route("beta", match().priority(10).path("^ /items").header("x-beta", exactly("1"))),
              route("write", match().host("shop.example").path("^ /items"))));

  @Test
  void namesTheFirstConditionThatFailedForEachRouteInOrder() {
    Explanation explanation = SHOP.explain(request("POST https://shop.example/items/7?x"));
    assertThat(explanation.lines())
        .containsExactly(
            "POST https://shop.example/items/7?x",
            "  ✗ beta  headers.x-beta: absent (expected: 1)",
            "  ✗ read  methods: POST not in GET, HEAD",
            "  ✓ write  (host shop.example, prefix /items)",
            "route write: first match in order (priority 0, host shop.example, prefix /items,"
                + " other conditions: 0)",
            "  2 after it not reached");
  }

  @Test
  void showsWhatTheTemplateTook() {
    Explanation explanation = SHOP.explain(request("GET https://shop.example/items/7"));
    assertThat(explanation.route()).contains("read");
    assertThat(explanation.pathParameters()).containsEntry("id", "7");
    JsonObject json = explanation.toJson();
    assertThat(json.getString("route")).isEqualTo("read");
    assertThat(json.getJsonObject("pathParameters").getString("id")).isEqualTo("7");
    assertThat(json.getJsonArray("tried").getJsonObject(0).getString("failed"))
        .isEqualTo("headers.x-beta: absent (expected: 1)");
    assertThat(json.getJsonArray("tried").getJsonObject(1).getBoolean("matches")).isTrue();
  }

  @Test
  void saysThatNoRouteMatches() {
    RouteTable table = RouteTable.of(List.of(route("api", match().host("api.example"))));
    Explanation explanation = table.explain(request("GET http://[::1]:8080/"));
    assertThat(explanation.lines())
        .containsExactly(
            "GET http://[::1]:8080/", "  ✗ api  host: ::1 ≠ api.example", "no route matches");
    assertThat(explanation.toJson().getString("route")).isNull();
  }

  @Test
  void saysWhyEachKindOfConditionFails() {
    assertThat(failure(match().host("a", "b"))).isEqualTo("host: shop.example not in a, b");
    assertThat(failure(match().host("*.a"))).isEqualTo("host: shop.example ≠ *.a");
    assertThat(failure(match().path("= /b"))).isEqualTo("path: /a is not path /b");
    assertThat(failure(match().path("~ /b"))).isEqualTo("path: /a is not regex /b");
    assertThat(failure(match().query("q", exactly("2")))).isEqualTo("query.q: 1 ≠ 2");
    assertThat(failure(match().query("q", there(false)))).isEqualTo("query.q: 1 ≠ absent");
    assertThat(failure(match().source("10.0.0.0/8")))
        .isEqualTo("source: 127.0.0.1 not in 10.0.0.0/8");
    assertThat(failure(match().not(match().path("^ /a")))).isEqualTo("not: prefix /a holds");
    assertThat(failure(match().any(match().methods("PUT"), match().host("b").path("= /b"))))
        .isEqualTo("any: none holds (methods: GET not in PUT; host: shop.example ≠ b)");
  }

  @Test
  void showsNoCredentials() {
    assertThat(failure(match().header("Authorization", exactly("Bearer right"))))
        .isEqualTo("headers.authorization: there, but not as expected");
    assertThat(failure(match().cookie("session", exactly("right"))))
        .isEqualTo("cookies.session: there, but not as expected");
    assertThat(failure(match().header("x-api-key", exactly("right"))))
        .isEqualTo("headers.x-api-key: absent");
    assertThat(route("a", match().cookie("session", exactly("right"))).description())
        .isEqualTo("cookies session");
  }

  @Test
  void boundsWhatItShows() {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      routes.add(route("r" + i, match().host("h" + i + ".example")));
    }
    routes.add(route("all", match()));
    Explanation explanation = RouteTable.of(routes).explain(request("GET /"));
    assertThat(explanation.tried()).hasSize(Explanation.MAX_TRIED + 1);
    assertThat(explanation.omitted()).isEqualTo(800);
    assertThat(explanation.route()).contains("all");
    assertThat(explanation.lines()).contains("  … 800 more that do not match");
  }

  private static String failure(Samples.Match match) {
    RouteTable table = RouteTable.of(List.of(route("it", match)));
    return table
        .explain(
            request(
                "GET http://shop.example/a?q=1",
                "Authorization",
                "Bearer wrong",
                "Cookie",
                "session=wrong"))
        .tried()
        .get(0)
        .failed();
  }
}
