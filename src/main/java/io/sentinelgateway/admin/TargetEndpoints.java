package io.sentinelgateway.admin;

import io.sentinelgateway.admin.AdminSources.Steering;
import io.sentinelgateway.admin.AdminSources.Steering.Order;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.NoSuchElementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator may do to a single target. Confined to the administration listener's event loop.
 */
final class TargetEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(TargetEndpoints.class);
  private static final String PATH = "/upstreams/:upstream/targets/:target/";
  private static final int MAX_WEIGHT = 1000;

  private final AdminSources sources;

  TargetEndpoints(AdminSources sources) {
    this.sources = sources;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.post(
            PATH + "drain",
            "no new requests to a target; those under way end",
            context -> steer(context, Order.DRAIN, 0)),
        Endpoint.post(PATH + "enable", "ends that", context -> steer(context, Order.ENABLE, 0)),
        Endpoint.post(
            PATH + "weight",
            "another weight: ?value=1 to 1000; without value as configured",
            this::weigh));
  }

  private void weigh(RoutingContext context) {
    String value = context.queryParams().get("value");
    if (value == null) {
      steer(context, Order.WEIGHT, 0);
    } else if (value.matches("[1-9][0-9]{0,3}") && Integer.parseInt(value) <= MAX_WEIGHT) {
      steer(context, Order.WEIGHT, Integer.parseInt(value));
    } else {
      Answers.error(context, 400, "bad_weight", "value (expected: 1 to 1000)");
    }
  }

  private void steer(RoutingContext context, Order order, int weight) {
    Steering steering =
        new Steering(context.pathParam("upstream"), context.pathParam("target"), order, weight);
    LOG.info("{} asked for by {}", steering, context.request().remoteAddress());
    sources
        .steer(steering)
        .onSuccess(target -> Answers.json(context, 200, target))
        .onFailure(reason -> refused(context, reason));
  }

  private static void refused(RoutingContext context, Throwable reason) {
    if (reason instanceof NoSuchElementException) {
      Answers.error(context, 404, "no_such_target", "GET /upstreams shows them all");
    } else if (reason instanceof IllegalArgumentException) {
      Answers.error(context, 400, "bad_target", String.valueOf(reason.getMessage()));
    } else {
      context.fail(reason);
    }
  }
}
