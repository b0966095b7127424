package io.sentinelgateway.handler;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.ResponseHook;
import io.sentinelgateway.filter.FieldValue;
import io.sentinelgateway.filter.Location;
import io.sentinelgateway.handler.StaticFile.Representation;
import io.sentinelgateway.http.ByteRanges;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code static}: files below a folder. Shared by all loops; what is known of files is in the
 * {@link FileStore}.
 *
 * <p>Answers GET and HEAD, conditions (RFC 9110 section 13) and single ranges (section 14); several
 * ranges at once are answered with the whole file, as section 14.2 allows: hardly a client asks for
 * them, and attackers do.
 */
final class StaticHandler implements Handler {

  /** Settings of {@code static}. */
  @Doc("Files below a folder.")
  record Settings(
      @Doc(value = "The folder; nothing outside of it is ever sent.", example = "/srv/www")
          String root,
      @Doc(value = "Prefix of the path that is no part of file names.", example = "/static")
          Optional<String> stripPrefix,
      @Doc("File that stands for a folder; empty: folders are not found.") @Default("index.html")
          String index,
      @Doc(value = "File for paths that lead nowhere, from the root.", example = "/index.html")
          Optional<String> fallback,
      @Doc("Compressed siblings to send (`app.js.br`), the preferred one first.") @Default("[]")
          List<Coding> precompressed,
      @Doc(value = "Cache-Control of files.", example = "public, max-age=3600")
          Optional<FieldValue> cacheControl)
      implements HandlerSettings {

    @Override
    public void check(GatewayConfig config, Problems problems) {
      problems
          .at("root")
          .require(Files.isDirectory(Path.of(root)), root + " (expected: a folder that exists)");
      problems
          .at("index")
          .require(index.matches("[^/\\\\.][^/\\\\]*|"), index + " (expected: the name of a file)");
      stripPrefix.ifPresent(
          p ->
              problems
                  .at("strip-prefix")
                  .require(p.matches("/.*[^/]"), p + " (expected: a path, such as /static)"));
      fallback.ifPresent(
          f ->
              problems
                  .at("fallback")
                  .require(
                      StaticPath.decode(f).isPresent(), f + " (expected: a path below the root)"));
    }
  }

  private static final ResponseHook ALLOW =
      (exchange, response) -> response.fields().set(HttpHeaders.ALLOW, "GET, HEAD");

  private final Settings settings;
  private final String stripPrefix;
  private final @Nullable String fallback;
  private final FileStore files;

  StaticHandler(Settings settings, HandlerWiring wiring) {
    this.settings = settings;
    this.stripPrefix = settings.stripPrefix().orElse("");
    this.fallback = settings.fallback().flatMap(StaticPath::decode).orElse(null);
    this.files = new FileStore(wiring.vertx(), Path.of(settings.root()), settings.precompressed());
  }

  @Override
  public Future<ProxyResponse> handle(Exchange exchange) {
    String method = exchange.method();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.beforeHead(ALLOW);
      return failed(ProxyError.Cause.METHOD_NOT_ALLOWED, "only GET and HEAD");
    }
    Optional<String> name = StaticPath.decode(strip(exchange.path()));
    if (name.isEmpty()) {
      return notFound();
    }
    return files.find(name.get(), exchange.loop()).compose(f -> found(exchange, name.get(), f));
  }

  private String strip(String path) {
    if (stripPrefix.isEmpty() || !path.startsWith(stripPrefix)) {
      return path;
    }
    String rest = path.substring(stripPrefix.length());
    return rest.isEmpty() ? "/" : rest.startsWith("/") ? rest : path;
  }

  private Future<ProxyResponse> found(Exchange exchange, String name, StaticFile file) {
    return switch (file.kind()) {
      case FILE -> send(exchange, name, file);
      case DIRECTORY -> folder(exchange, name);
      case MISSING -> missing(exchange);
    };
  }

  private Future<ProxyResponse> folder(Exchange exchange, String name) {
    if (settings.index().isEmpty()) {
      return missing(exchange);
    }
    String asked = exchange.head().path();
    if (!asked.endsWith("/")) {
      // Relative references in the index are relative to the folder only with the slash.
      String query = exchange.head().query();
      String location = Location.path(asked + '/') + (query == null ? "" : '?' + query);
      return Location.answer(exchange, 308, location);
    }
    String index = (name.isEmpty() || name.endsWith("/") ? name : name + '/') + settings.index();
    return files
        .find(index, exchange.loop())
        .compose(
            file ->
                file.kind() == StaticFile.Kind.FILE
                    ? send(exchange, index, file)
                    : missing(exchange));
  }

  private Future<ProxyResponse> missing(Exchange exchange) {
    String name = fallback;
    if (name == null) {
      return notFound();
    }
    return files
        .find(name, exchange.loop())
        .compose(
            file -> file.kind() == StaticFile.Kind.FILE ? send(exchange, name, file) : notFound());
  }

  private Future<ProxyResponse> send(Exchange exchange, String name, StaticFile file) {
    MultiMap request = exchange.head().fields();
    Representation chosen = choose(request, file);
    ProxyResponse response = exchange.response();
    describe(exchange, chosen);
    int status = Preconditions.evaluate(request, chosen);
    if (status != 200) {
      return Future.succeededFuture(response.status(status));
    }
    MultiMap fields = response.fields();
    fields.set(HttpHeaders.CONTENT_TYPE, MediaTypes.of(name));
    fields.set(HttpHeaders.ACCEPT_RANGES, "bytes");
    if (!chosen.coding().isEmpty()) {
      fields.set(HttpHeaders.CONTENT_ENCODING, chosen.coding());
    }
    return content(exchange, chosen);
  }

  /** What a 304 tells as well (RFC 9110 section 15.4.5). */
  private void describe(Exchange exchange, Representation chosen) {
    MultiMap fields = exchange.response().fields();
    fields.set(HttpHeaders.ETAG, chosen.tag().toString());
    fields.set(HttpHeaders.LAST_MODIFIED, chosen.lastModified());
    if (settings.cacheControl().isPresent()) {
      fields.set(HttpHeaders.CACHE_CONTROL, settings.cacheControl().get().render(exchange));
    }
    if (!settings.precompressed().isEmpty()) {
      fields.add(HttpHeaders.VARY, "Accept-Encoding");
    }
  }

  private static Representation choose(MultiMap request, StaticFile file) {
    String accepted = file.encoded().isEmpty() ? null : request.get(HttpHeaders.ACCEPT_ENCODING);
    if (accepted != null) {
      for (Representation encoded : file.encoded()) {
        if (Coding.accepted(accepted, encoded.coding())) {
          return encoded;
        }
      }
    }
    return file.plain();
  }

  private static Future<ProxyResponse> content(Exchange exchange, Representation file) {
    ProxyResponse response = exchange.response();
    MultiMap request = exchange.head().fields();
    String range = exchange.method().equals("GET") ? request.get("range") : null;
    if (range != null && Preconditions.rangeApplies(request, file)) {
      ByteRanges asked = ByteRanges.parse(range, file.size());
      if (asked.kind() == ByteRanges.Kind.UNSATISFIABLE) {
        return unsatisfiable(exchange, file);
      }
      if (asked.ranges().size() == 1) {
        ByteRanges.ByteRange part = asked.ranges().get(0);
        response.fields().set(HttpHeaders.CONTENT_RANGE, part.contentRange(file.size()));
        return Future.succeededFuture(
            response.status(206).body(new Body.FilePart(file.path(), part.first(), part.length())));
      }
    }
    return Future.succeededFuture(
        response.status(200).body(new Body.FilePart(file.path(), 0, file.size())));
  }

  private static Future<ProxyResponse> unsatisfiable(Exchange exchange, Representation file) {
    exchange.response().fields().clear();
    exchange.beforeHead(
        (e, response) ->
            response.fields().set(HttpHeaders.CONTENT_RANGE, "bytes */" + file.size()));
    return failed(ProxyError.Cause.RANGE_NOT_SATISFIABLE, "beyond " + file.size() + " bytes");
  }

  private static Future<ProxyResponse> notFound() {
    return failed(ProxyError.Cause.NOT_FOUND, "no such file");
  }

  private static Future<ProxyResponse> failed(ProxyError.Cause cause, String detail) {
    return Future.failedFuture(ProxyError.of(cause, detail).toException());
  }
}
