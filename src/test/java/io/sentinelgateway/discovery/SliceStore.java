package io.sentinelgateway.discovery;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/**
 * What the mock of a cluster keeps, with what the mock leaves out: a deletion has a version of its
 * own, and every change is told in order, with the object before and after.
 */
final class SliceStore extends KubernetesCrudDispatcher {

  private static final String SERVICE = "kubernetes.io/service-name";

  private final Consumer<Change> changed;

  /**
   * @param changed called under the lock of the store
   */
  SliceStore(Consumer<Change> changed) {
    this.changed = changed;
  }

  /**
   * One change of one object.
   *
   * @param before null when it is new
   * @param after null when it is gone
   */
  record Change(long version, String before, String after) {

    /** The event for those who watch the slices of a service; empty when it is none of theirs. */
    String event(String service) {
      boolean was = isOf(service, before);
      boolean is = isOf(service, after);
      String type = was && is ? "MODIFIED" : was ? "DELETED" : "ADDED";
      return was || is ? type(type, new JsonObject(is ? after : before)) : "";
    }

    private String type(String type, JsonObject object) {
      object.getJsonObject("metadata").put("resourceVersion", Long.toString(version));
      return new JsonObject().put("type", type).put("object", object).encode();
    }

    private static boolean isOf(String service, String slice) {
      return slice != null
          && service.equals(
              new JsonObject(slice)
                  .getJsonObject("metadata")
                  .getJsonObject("labels", new JsonObject())
                  .getString(SERVICE));
    }
  }

  String list(String uri) {
    return handleGet(uri).getBody().readUtf8();
  }

  @Override
  public void processEvent(
      String path,
      AttributeSet pathAttributes,
      AttributeSet oldAttributes,
      GenericKubernetesResource resource,
      String newState) {
    String before = oldAttributes == null ? null : map.get(oldAttributes);
    super.processEvent(path, pathAttributes, oldAttributes, resource, newState);
    if (newState == null) {
      changed.accept(new Change(requestResourceVersion(), before, null));
    } else if (!newState.equals(before)) {
      String version =
          new JsonObject(newState).getJsonObject("metadata").getString("resourceVersion");
      changed.accept(new Change(Long.parseLong(version), before, newState));
    }
  }
}
