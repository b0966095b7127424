package io.sentinelgateway.handler;

import static io.sentinelgateway.handler.HandlerFixture.handler;
import static io.sentinelgateway.handler.HandlerFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.exchange.ExchangeServer;
import io.sentinelgateway.exchange.Reply;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class StaticHandlerTest {

  private static final String LAST_MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
  private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";

  @TempDir Path folder;
  private Path root;
  private ExchangeServer server;

  @BeforeEach
  void fill(Vertx vertx) throws IOException {
    root = Files.createDirectory(folder.resolve("www"));
    write("a.txt", "0123456789");
    write("empty.txt", "");
    write("index.html", "<h1>root</h1>");
    write("docs/index.html", "<h1>docs</h1>");
    write("docs/%41.txt", "a percent sign in a name");
    write("bare/x", "no index here");
    write(".env", "SECRET=1");
    write("app.js", "plain");
    write("app.js.br", "brotli");
    write("app.js.gz", "gzipped");
    Files.writeString(folder.resolve("outside.txt"), "outside");
    serve(vertx, "");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void write(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1994-11-06T08:49:37Z")));
  }

  private void serve(Vertx vertx, String more) {
    if (server != null) {
      server.close();
    }
    String yaml = "static: {root: \"" + root + "\"" + more + "}";
    server = new ExchangeServer(vertx, handler(vertx, yaml));
  }

  private String tag(String target, String... fields) throws IOException {
    return server.get(target, fields).field("etag");
  }

  // Files and folders

  @Test
  void sendsAFileWithWhatIsKnownOfIt() throws IOException {
    Reply reply = server.get("/a.txt");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("0123456789");
    assertThat(reply.field("content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(reply.field("content-length")).isEqualTo("10");
    assertThat(reply.field("accept-ranges")).isEqualTo("bytes");
    assertThat(reply.field("last-modified")).isEqualTo(LAST_MODIFIED);
    assertThat(reply.field("etag")).matches("\"[0-9a-f]+-a\"");
    assertThat(reply.fields("vary")).isEmpty();
    assertThat(server.get("/bare/x").field("content-type")).isEqualTo("application/octet-stream");
    assertThat(server.get("/empty.txt").body()).isEmpty();
    assertThat(server.get("/docs/%2541.txt").body()).startsWith("a percent sign");
  }

  @Test
  void answersHeadWithoutContent() throws IOException {
    Reply reply = server.send("HEAD", "/a.txt", "", "Range: bytes=0-1");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.field("content-length")).isEqualTo("10");
    assertThat(reply.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void refusesOtherMethods(String method) throws IOException {
    Reply reply = server.send(method, "/a.txt", "");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.field("allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void sendsTheIndexOfAFolder() throws IOException {
    assertThat(server.get("/").body()).isEqualTo("<h1>root</h1>");
    assertThat(server.get("/docs/").body()).isEqualTo("<h1>docs</h1>");
    assertThat(server.get("/docs/").field("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(server.get("/bare/").status()).isEqualTo(404);
  }

  @Test
  void addsTheSlashOfAFolder() throws IOException {
    Reply reply = server.get("/docs?a=1");
    assertThat(reply.status()).isEqualTo(308);
    assertThat(reply.field("location")).isEqualTo("/docs/?a=1");
  }

  @Test
  void hidesFoldersWithoutIndex(Vertx vertx) throws IOException {
    serve(vertx, ", index: ''");
    assertThat(server.get("/docs/").status()).isEqualTo(404);
    assertThat(server.get("/docs").status()).isEqualTo(404);
  }

  @Test
  void findsNothing() throws IOException {
    assertThat(server.get("/none.txt").status()).isEqualTo(404);
    assertThat(server.get("/a.txt/").status()).isEqualTo(404);
    assertThat(server.get("/a.txt/b").status()).isEqualTo(404);
  }

  @Test
  void fallsBackForPathsThatLeadNowhere(Vertx vertx) throws IOException {
    serve(vertx, ", fallback: /index.html");
    Reply reply = server.get("/users/7");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("<h1>root</h1>");
    assertThat(server.get("/bare/").body()).isEqualTo("<h1>root</h1>");
    assertThat(server.get("/.env").status()).isEqualTo(404);
  }

  @Test
  void stripsAPrefix(Vertx vertx) throws IOException {
    serve(vertx, ", strip-prefix: /static, cache-control: 'public, max-age=60'");
    Reply reply = server.get("/static/a.txt");
    assertThat(reply.body()).isEqualTo("0123456789");
    assertThat(reply.field("cache-control")).isEqualTo("public, max-age=60");
    assertThat(server.get("/static/").body()).isEqualTo("<h1>root</h1>");
    assertThat(server.get("/static/docs").field("location")).isEqualTo("/static/docs/");
    assertThat(server.get("/statica.txt").status()).isEqualTo(404);
  }

  // The root is a wall

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/%2e%2e%2foutside.txt",
        "/..%2foutside.txt",
        "/docs/../../outside.txt",
        "/..%5coutside.txt",
        "/.env",
        "/%2eenv",
        "/docs/../.env",
        "/a.txt%00",
        "/a.txt%00.html",
        "/%c0%ae%c0%ae/outside.txt",
        "/outside-link.txt",
        "//docs/",
        "//etc/passwd",
        "/up/outside.txt",
        "/up/www/a.txt"
      })
  void sendsNothingFromOutside(String target) throws IOException {
    Files.createSymbolicLink(root.resolve("outside-link.txt"), folder.resolve("outside.txt"));
    Files.createSymbolicLink(root.resolve("up"), folder);
    Reply reply = server.get(target);
    if (target.equals("/up/www/a.txt")) {
      // A way around that ends inside.
      assertThat(reply.body()).isEqualTo("0123456789");
    } else {
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.body()).doesNotContain("outside").doesNotContain("SECRET");
    }
  }

  @Test
  void followsLinksInside(Vertx vertx) throws IOException {
    // As Kubernetes mounts a ConfigMap.
    write("..2026/page.html", "<h1>page</h1>");
    Files.createSymbolicLink(root.resolve("..data"), Path.of("..2026"));
    Files.createSymbolicLink(root.resolve("page.html"), Path.of("..data/page.html"));
    assertThat(server.get("/page.html").body()).isEqualTo("<h1>page</h1>");
    assertThat(server.get("/..data/page.html").status()).isEqualTo(404);
  }

  @Test
  void sendsNoEncodedSiblingFromOutside(Vertx vertx) throws IOException {
    serve(vertx, ", precompressed: [br]");
    Files.createSymbolicLink(root.resolve("a.txt.br"), folder.resolve("outside.txt"));
    assertThat(server.get("/a.txt", "Accept-Encoding: br").body()).isEqualTo("0123456789");
  }

  // Conditions, RFC 9110 section 13

  @Test
  void saysThatNothingHasChanged() throws IOException {
    String tag = tag("/a.txt");
    for (String field :
        new String[] {
          "If-None-Match: " + tag,
          "If-None-Match: \"x\", W/" + tag,
          "If-None-Match: *",
          "If-Modified-Since: " + LAST_MODIFIED,
          "If-Modified-Since: " + AFTER
        }) {
      Reply reply = server.get("/a.txt", field);
      assertThat(reply.status()).as(field).isEqualTo(304);
      assertThat(reply.body()).isEmpty();
      assertThat(reply.field("etag")).isEqualTo(tag);
      assertThat(reply.fields("content-type")).isEmpty();
    }
  }

  @Test
  void sendsWhatHasChanged() throws IOException {
    assertThat(server.get("/a.txt", "If-None-Match: \"x\"").status()).isEqualTo(200);
    assertThat(server.get("/a.txt", "If-Modified-Since: " + BEFORE).status()).isEqualTo(200);
    assertThat(server.get("/a.txt", "If-Modified-Since: tomorrow").status()).isEqualTo(200);
    // A tag decides alone.
    assertThat(server.get("/a.txt", "If-None-Match: \"x\"", "If-Modified-Since: " + AFTER).status())
        .isEqualTo(200);
  }

  @Test
  void failsPreconditions() throws IOException {
    String tag = tag("/a.txt");
    assertThat(server.get("/a.txt", "If-Match: \"x\"").status()).isEqualTo(412);
    assertThat(server.get("/a.txt", "If-Match: W/" + tag).status()).isEqualTo(412);
    assertThat(server.get("/a.txt", "If-Unmodified-Since: " + BEFORE).status()).isEqualTo(412);
    assertThat(server.get("/a.txt", "If-Match: " + tag).status()).isEqualTo(200);
    assertThat(server.get("/a.txt", "If-Match: *").status()).isEqualTo(200);
    assertThat(server.get("/a.txt", "If-Unmodified-Since: " + LAST_MODIFIED).status())
        .isEqualTo(200);
    assertThat(server.get("/a.txt", "If-Match: " + tag, "If-Unmodified-Since: " + BEFORE).status())
        .isEqualTo(200);
  }

  @Test
  void marksAFreshFileWeak() throws IOException {
    Files.setLastModifiedTime(
        root.resolve("a.txt"), FileTime.fromMillis(server.loop().currentTimeMillis()));
    assertThat(tag("/a.txt")).startsWith("W/\"");
    server.loop().pass(Duration.ofSeconds(3));
    assertThat(tag("/a.txt")).startsWith("\"");
  }

  @Test
  void noticesAChangeWithinASecond() throws IOException {
    assertThat(server.get("/a.txt").body()).isEqualTo("0123456789");
    Files.writeString(root.resolve("a.txt"), "changed");
    server.loop().pass(Duration.ofSeconds(1));
    assertThat(server.get("/a.txt").body()).isEqualTo("changed");
    Files.delete(root.resolve("a.txt"));
    server.loop().pass(Duration.ofSeconds(1));
    assertThat(server.get("/a.txt").status()).isEqualTo(404);
  }

  // Ranges, RFC 9110 section 14

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,0-0",
    "bytes=2-4,234,2-4",
    "bytes=5-,56789,5-9",
    "bytes=-3,789,7-9",
    "bytes=-99,0123456789,0-9",
    "bytes=8-99,89,8-9"
  })
  void sendsAPart(String range, String content, String contentRange) throws IOException {
    Reply reply = server.get("/a.txt", "Range: " + range);
    assertThat(reply.status()).isEqualTo(206);
    assertThat(reply.body()).isEqualTo(content);
    assertThat(reply.field("content-range")).isEqualTo("bytes " + contentRange + "/10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=99-100", "bytes=-0"})
  void refusesAPartThatIsNotThere(String range) throws IOException {
    Reply reply = server.get("/a.txt", "Range: " + range);
    assertThat(reply.status()).isEqualTo(416);
    assertThat(reply.field("content-range")).isEqualTo("bytes */10");
    assertThat(server.get("/empty.txt", "Range: bytes=0-").status()).isEqualTo(416);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=0-1,3-4", "bytes=4-2", "bytes=a-b", "lines=0-1", "bytes=", "bytes=-"})
  void sendsTheWholeForSeveralOrMalformedRanges(String range) throws IOException {
    Reply reply = server.get("/a.txt", "Range: " + range);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("0123456789");
  }

  @Test
  void sendsAPartOnlyOfWhatTheClientKnows() throws IOException {
    String tag = tag("/a.txt");
    String range = "Range: bytes=0-1";
    assertThat(server.get("/a.txt", range, "If-Range: " + tag).status()).isEqualTo(206);
    assertThat(server.get("/a.txt", range, "If-Range: " + LAST_MODIFIED).status()).isEqualTo(206);
    assertThat(server.get("/a.txt", range, "If-Range: \"x\"").status()).isEqualTo(200);
    assertThat(server.get("/a.txt", range, "If-Range: W/" + tag).status()).isEqualTo(200);
    assertThat(server.get("/a.txt", range, "If-Range: " + AFTER).status()).isEqualTo(200);
    assertThat(server.get("/a.txt", range, "If-None-Match: " + tag).status()).isEqualTo(304);
  }

  // Compressed siblings

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, br|brotli|br",
        "gzip|gzipped|gzip",
        "*|brotli|br",
        "br;q=0, *|gzipped|gzip",
        "br;q=0.000, gzip;q=0.1|gzipped|gzip",
        "GZIP|gzipped|gzip",
        "identity|plain|''",
        "''|plain|''"
      })
  void sendsTheCodingTheClientTakes(String accepted, String content, String coding, Vertx vertx)
      throws IOException {
    serve(vertx, ", precompressed: [br, gzip]");
    Reply reply = server.get("/app.js", "Accept-Encoding: " + accepted);
    assertThat(reply.body()).isEqualTo(content);
    assertThat(reply.field("content-encoding")).isEqualTo(coding);
    assertThat(reply.field("content-type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(reply.field("vary")).isEqualTo("Accept-Encoding");
  }

  @Test
  void tellsCodingsApartByTheirTags(Vertx vertx) throws IOException {
    serve(vertx, ", precompressed: [br, gzip]");
    assertThat(tag("/app.js", "Accept-Encoding: br"))
        .isNotEqualTo(tag("/app.js", "Accept-Encoding: gzip"))
        .isNotEqualTo(tag("/app.js"));
    assertThat(server.get("/a.txt", "Accept-Encoding: br").fields("content-encoding")).isEmpty();
  }

  @Test
  void refusesSettingsThatCannotWork() {
    assertThat(problems("static: {root: /no/such/folder}"))
        .containsExactly("static.root: /no/such/folder (expected: a folder that exists)");
    for (String more :
        new String[] {
          "index: a/b", "index: .htaccess", "fallback: ../x", "strip-prefix: x", "strip-prefix: /x/"
        }) {
      assertThat(problems("static: {root: src, " + more + "}")).as(more).hasSize(1);
    }
  }
}
