package io.sentinelgateway.route;

import static io.sentinelgateway.route.Samples.exactly;
import static io.sentinelgateway.route.Samples.like;
import static io.sentinelgateway.route.Samples.match;
import static io.sentinelgateway.route.Samples.request;
import static io.sentinelgateway.route.Samples.route;
import static io.sentinelgateway.route.Samples.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.route.Samples.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {

  private static boolean matches(Match match, RequestHead head) {
    return RouteTable.of(List.of(route("it", match))).find(head).isPresent();
  }

  /** Ids are 1, 2, …, in the order of the file. */
  private static String winner(RequestHead head, Match... matches) {
    List<Route> routes = new ArrayList<>();
    for (Match match : matches) {
      routes.add(route(String.valueOf(routes.size() + 1), match));
    }
    RouteTable table = RouteTable.of(routes);
    String found = table.find(head).map(Route::id).orElse("none");
    assertThat(table.explain(head).route().orElse("none")).isEqualTo(found);
    return found;
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example, shop.example, true",
    "Shop.EXAMPLE, shop.example, true",
    "shop.example, shop.example:8080, true",
    "shop.example, SHOP.example., true",
    "shop.example, www.shop.example, false",
    "shop.example, shop.example.org, false",
    "*.example.com, a.example.com, true",
    "*.Example.com, A.example.COM, true",
    "*.example.com, example.com, false",
    "*.example.com, a.b.example.com, false",
    "*.example.com, a.example.org, false",
    "*.example.com, aexample.com, false",
    "~[ab]\\.example, a.example, true",
    "~[AB]\\.Example, b.example, true",
    "~[ab]\\.example, c.example, false",
    "~[ab]\\.example, a.example.com, false",
    "::1, [::1], true",
    "[::1], [0:0::1]:80, true",
    "2001:db8::1, [2001:DB8::1], true",
    "::1, [::2], false",
    "*, whatever, true",
  })
  void matchesHosts(String pattern, String host, boolean expected) {
    assertThat(matches(match().host(pattern), request("GET http://" + host + "/")))
        .isEqualTo(expected);
  }

  @Test
  void matchesAnyOfSeveralHosts() {
    Match several = match().host("a.example", "*.b.example", "~c[0-9]+");
    for (String host : List.of("a.example", "x.b.example", "c17")) {
      assertThat(matches(several, request("GET http://" + host + "/"))).isTrue();
    }
    assertThat(matches(several, request("GET http://b.example/"))).isFalse();
    assertThat(matches(several, request("GET /"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "= /a, /a, true",
    "= /a, /a/, false",
    "= /a, /A, false",
    "= /caf%c3%a9, /caf%C3%A9, true",
    "= /, /, true",
    "^ /api, /api, true",
    "^ /api, /api/, true",
    "^ /api, /api/v1/x, true",
    "^ /api, /api//, true",
    "^ /api, /apis, false",
    "^ /api, /ap, false",
    "^ /api, /, false",
    "^ /api/, /api/, true",
    "^ /api/, /api/x, true",
    "^ /api/, /api, false",
    "^ /api/v1, /api/v1/x, true",
    "^ /api/v1, /api/v2, false",
    "^ /, /, true",
    "^ /, /anything/at/all, true",
    "^ /a//, /a//b, true",
    "^ /a//, /a/b, false",
    "^ /a%2Fb, /a%2fb/c, true",
    "^ /a%2Fb, /a/b, false",
    ": /users/{id}, /users/7, true",
    ": /users/{id}, /users/, false",
    ": /users/{id}, /users, false",
    ": /users/{id}, /users/7/, false",
    ": /users/{id}, /users/7/x, false",
    ": /users/{id}/posts/{post}, /users/7/posts/8, true",
    ": /users/{id}/posts/{post}, /users/7/post/8, false",
    ": /files/{rest*}, /files/, true",
    ": /files/{rest*}, /files/a/b, true",
    ": /files/{rest*}, /files, false",
    ": /{all*}, /, true",
    ": /{one}/x, /a/x, true",
    ": /{one}/x, //x, false",
    "~ /v[0-9]+/.*, /v12/x, true",
    "~ /v[0-9]+/.*, /x/v12/x, false",
    "~ /v[0-9]+, /v12/x, false",
  })
  void matchesPaths(String path, String target, boolean expected) {
    assertThat(matches(match().path(path), request("GET " + target))).isEqualTo(expected);
  }

  @Test
  void matchesTheAsteriskByExactPathOrNoPathOnly() {
    RequestHead options = request("OPTIONS *");
    assertThat(matches(match(), options)).isTrue();
    assertThat(matches(match().path("= *"), options)).isTrue();
    assertThat(matches(match().path("^ /"), options)).isFalse();
    assertThat(matches(match().path(": /{x}"), options)).isFalse();
  }

  @Test
  void capturesTheNamedSegmentsAsTheyStandInThePath() {
    Route route = route("it", match().path(": /users/{id}/files/{rest*}"));
    assertThat(route.pathParameters("/users/a%2Fb/files/x/y"))
        .isEqualTo(Map.of("id", "a%2Fb", "rest", "x/y"));
    assertThat(route.pathParameters("/users/7/files/")).isEqualTo(Map.of("id", "7", "rest", ""));
    assertThat(route.pathParameters("/other")).isEmpty();
    assertThat(route("it", match()).pathParameters("/users/7")).isEmpty();
  }

  @Test
  void matchesMethodsWithoutGuessing() {
    Match match = match().methods("GET", "POST");
    assertThat(matches(match, request("POST /"))).isTrue();
    assertThat(matches(match, request("HEAD /"))).isFalse();
    assertThat(matches(match, request("get /"))).isFalse();
  }

  @Test
  void matchesFields() {
    RequestHead head = request("GET /", "X-A", "1", "x-a", "2", "X-Empty", "");
    assertThat(matches(match().header("x-a", exactly("1")), head)).isTrue();
    assertThat(matches(match().header("X-A", exactly("2")), head)).isTrue();
    assertThat(matches(match().header("x-a", exactly("3")), head)).isFalse();
    assertThat(matches(match().header("x-a", like("[2-9]")), head)).isTrue();
    assertThat(matches(match().header("x-a", like("[3-9]")), head)).isFalse();
    assertThat(matches(match().header("x-a", there(true)), head)).isTrue();
    assertThat(matches(match().header("x-empty", there(true)), head)).isTrue();
    assertThat(matches(match().header("x-a", there(false)), head)).isFalse();
    assertThat(matches(match().header("x-b", there(false)), head)).isTrue();
    assertThat(matches(match().header("x-b", like(".*")), head)).isFalse();
  }

  @Test
  void matchesDecodedQueryParameters() {
    RequestHead head = request("GET /?a=1&b&c=x+y&d=%C3%A9&%65=7&a=2&=z&f=%zz&&g=a=b");
    assertThat(matches(match().query("a", exactly("2")), head)).isTrue();
    assertThat(matches(match().query("b", there(true)), head)).isTrue();
    assertThat(matches(match().query("b", exactly("")), head)).isTrue();
    assertThat(matches(match().query("c", exactly("x y")), head)).isTrue();
    assertThat(matches(match().query("d", exactly("\u00e9")), head)).isTrue();
    assertThat(matches(match().query("e", exactly("7")), head)).isTrue();
    assertThat(matches(match().query("f", exactly("%zz")), head)).isTrue();
    assertThat(matches(match().query("g", exactly("a=b")), head)).isTrue();
    assertThat(matches(match().query("A", there(true)), head)).isFalse();
    assertThat(matches(match().query("z", there(false)), head)).isTrue();
    assertThat(matches(match().query("a", there(true)), request("GET /"))).isFalse();
  }

  @Test
  void matchesCookies() {
    RequestHead head = request("GET /", "Cookie", "a=1; b=\"2\";c", "Cookie", "d=x=y");
    assertThat(matches(match().cookie("a", exactly("1")), head)).isTrue();
    assertThat(matches(match().cookie("b", exactly("2")), head)).isTrue();
    assertThat(matches(match().cookie("c", there(true)), head)).isTrue();
    assertThat(matches(match().cookie("d", exactly("x=y")), head)).isTrue();
    assertThat(matches(match().cookie("A", there(true)), head)).isFalse();
    assertThat(matches(match().cookie("a", there(true)), request("GET /"))).isFalse();
  }

  @Test
  void matchesTheBelievedClient() {
    Match match = match().source("10.0.0.0/8", "2001:db8::/32");
    String[] none = {};
    assertThat(matches(match, request("10.9.8.7", "GET /", none))).isTrue();
    assertThat(matches(match, request("2001:db8::5", "GET /", none))).isTrue();
    assertThat(matches(match, request("11.9.8.7", "GET /", none))).isFalse();
    assertThat(matches(match, request("::1", "GET /", none))).isFalse();
  }

  @Test
  void combinesConditions() {
    Match either = match().any(match().host("a.example").path("^ /x"), match().methods("PUT"));
    assertThat(matches(either, request("GET http://a.example/x"))).isTrue();
    assertThat(matches(either, request("GET http://a.example/y"))).isFalse();
    assertThat(matches(either, request("PUT http://b.example/"))).isTrue();
    Match except = match().path("^ /").not(match().path("^ /admin").source("127.0.0.0/8"));
    assertThat(matches(except, request("GET /admin/x"))).isFalse();
    assertThat(matches(except, request("192.0.2.1", "GET /admin/x", new String[0]))).isTrue();
    assertThat(matches(except, request("GET /x"))).isTrue();
    Match manyHosts = match().not(match().host("a.example", "*.b.example"));
    assertThat(matches(manyHosts, request("GET http://a.example/"))).isFalse();
    assertThat(matches(manyHosts, request("GET http://x.b.example/"))).isFalse();
    assertThat(matches(manyHosts, request("GET http://c.example/"))).isTrue();
  }

  @Test
  void triesPriorityFirst() {
    RequestHead head = request("GET http://a.example/x");
    assertThat(winner(head, match().host("a.example").path("= /x"), match().priority(1)))
        .isEqualTo("2");
    assertThat(winner(head, match().priority(-1).path("= /x"), match())).isEqualTo("2");
  }

  @Test
  void triesTheMoreSpecificHostFirst() {
    RequestHead head = request("GET http://a.example/x");
    Match any = match().path("= /x");
    Match regex = match().host("~.*").path("= /x");
    Match wildcard = match().host("*.example");
    Match exact = match().host("a.example");
    assertThat(winner(head, any, regex, wildcard, exact)).isEqualTo("4");
    assertThat(winner(head, any, regex, wildcard)).isEqualTo("3");
    assertThat(winner(head, any, regex)).isEqualTo("2");
  }

  @Test
  void triesTheMoreSpecificPathFirst() {
    RequestHead head = request("GET http://a.example/a/b");
    Match none = match().methods("GET").header("x", there(false)).query("y", there(false));
    Match regex = match().path("~ /a/b");
    Match root = match().path("^ /");
    Match prefix = match().path("^ /a");
    Match exact = match().path("= /a/b");
    Match longer = match().path("^ /a/b");
    assertThat(winner(head, none, regex, root, prefix, longer, exact)).isEqualTo("6");
    assertThat(winner(head, none, regex, root, prefix, longer)).isEqualTo("5");
    assertThat(winner(head, none, regex, root, prefix)).isEqualTo("4");
    assertThat(winner(head, none, regex, root)).isEqualTo("3");
    assertThat(winner(head, none, regex)).isEqualTo("2");
  }

  @Test
  void ranksATemplateByItsLiteralBeginning() {
    RequestHead head = request("GET /users/7/posts");
    Match root = match().path("^ /");
    Match prefix = match().path("^ /users");
    Match longer = match().path("^ /users/7");
    Match rest = match().path(": /users/{rest*}");
    Match two = match().path(": /users/{id}/{what}");
    Match literal = match().path(": /users/{id}/posts");
    assertThat(winner(head, root, prefix, rest, two, literal, longer)).isEqualTo("6");
    assertThat(winner(head, root, prefix, rest, two, literal)).isEqualTo("5");
    assertThat(winner(head, root, prefix, rest, two)).isEqualTo("4");
    assertThat(winner(head, root, prefix, rest)).isEqualTo("3");
    assertThat(winner(head, match().path("~ /users/.*"), match().path(": /{a}/{b}/{c}")))
        .isEqualTo("2");
  }

  @Test
  void triesMoreConditionsFirstAndThenTheOrderOfTheFile() {
    RequestHead head = request("GET /a");
    Match one = match().path("^ /a");
    Match two = match().path("^ /a").methods("GET");
    Match three = match().path("^ /a").methods("GET").header("x", there(false));
    assertThat(winner(head, one, two, three)).isEqualTo("3");
    assertThat(winner(head, one, two, two)).isEqualTo("2");
    assertThat(winner(head, one, one)).isEqualTo("1");
  }

  @Test
  void goesOnToTheNextCandidateWhenAConditionFails() {
    RequestHead post = request("POST http://a.example/a/b");
    assertThat(
            winner(
                post,
                match().host("a.example").path("= /a/b").methods("GET"),
                match().host("a.example").path("^ /a").methods("GET"),
                match().host("*.example").methods("POST")))
        .isEqualTo("3");
  }

  @Test
  void keepsRoutesToTheirListeners() {
    List<Route> routes =
        List.of(route("public", match().listeners("web")), route("all", match().path("^ /x")));
    assertThat(RouteTable.of(routes, "web").find(request("GET /y")).map(Route::id))
        .contains("public");
    assertThat(RouteTable.of(routes, "admin").find(request("GET /y"))).isEmpty();
    assertThat(RouteTable.of(routes, "admin").size()).isEqualTo(1);
    assertThat(RouteTable.EMPTY.find(request("GET /"))).isEmpty();
  }

  @Test
  void allocatesNoAnswer() {
    RouteTable table = RouteTable.of(List.of(route("a", match().path("^ /a"))));
    assertThat(table.find(request("GET /a"))).isSameAs(table.find(request("GET /a/b")));
  }
}
