package io.sentinelgateway.admin;

import io.sentinelgateway.config.AdminConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The administration listener: its routes, and the server options that fit them. The router belongs
 * to the event loop of the verticle that serves it.
 */
public final class AdminRouter {

  private static final Logger LOG = LoggerFactory.getLogger(AdminRouter.class);

  private AdminRouter() {}

  /**
   * Builds the routes.
   *
   * @param config read anew for each request, so a changed token counts at once
   */
  public static Router create(Vertx vertx, Supplier<AdminConfig> config, AdminSources sources) {
    AccessGuard guard = new AccessGuard(config);
    List<Endpoint> listed = new ArrayList<>(new AdminEndpoints(vertx, sources).all());
    listed.addAll(new TargetEndpoints(sources).all());
    Endpoint index =
        Endpoint.get("/", "this list", c -> Answers.send(c, 200, Answers.TEXT, text(listed)));
    Router router = Router.router(vertx);
    router.route().handler(AdminRouter::harden);
    mount(router, index, guard);
    listed.forEach(endpoint -> mount(router, endpoint, guard));
    router.route().handler(context -> unknown(context, listed));
    router.route().failureHandler(AdminRouter::failed);
    return router;
  }

  /** Options with small limits: nothing that is asked here is long. */
  public static HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(16 << 10)
        .setMaxHeaderSize(16 << 10)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setIdleTimeout(60)
        .setHttp2ClearTextEnabled(false);
  }

  private static void mount(Router router, Endpoint endpoint, AccessGuard guard) {
    router
        .route(endpoint.path())
        .handler(context -> guard.check(context, endpoint))
        .handler(endpoint.handler());
  }

  private static void harden(RoutingContext context) {
    context
        .response()
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        .putHeader("Referrer-Policy", "no-referrer");
    context.next();
  }

  private static void unknown(RoutingContext context, List<Endpoint> listed) {
    JsonArray paths = new JsonArray(listed.stream().map(Endpoint::path).toList());
    Answers.json(context, 404, new JsonObject().put("error", "not_found").put("endpoints", paths));
  }

  private static void failed(RoutingContext context) {
    Throwable reason = context.failure();
    int status = context.statusCode() > 0 ? context.statusCode() : 500;
    if (reason != null && status >= 500) {
      LOG.error("admin {} failed", context.request().path(), reason);
    }
    Answers.error(context, status, status >= 500 ? "internal" : "bad_request", "see the log");
  }

  private static String text(List<Endpoint> listed) {
    return listed.stream()
        .map(e -> e.method().name() + ' ' + e.path() + "  " + e.summary() + '\n')
        .collect(Collectors.joining());
  }
}
