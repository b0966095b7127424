package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;

/**
 * Changes of a header section; removing comes first, then setting, then adding. Immutable; any
 * thread.
 */
public record FieldEdits(
    @Doc(
            value = "Field values that replace what is there; templates, or `file:/path`.",
            example = "{X-Client: \"{client-address}\"}")
        @Default("{}")
        Map<String, FieldValue> set,
    @Doc("Field lines that come on top of what is there; templates, or `file:/path`.")
        @Default("{}")
        Map<String, FieldValue> add,
    @Doc("Names of fields to take away.") @Default("[]") List<String> remove) {

  void check(Problems problems) {
    set.keySet().forEach(name -> FieldNames.check(name, problems.at("set").at(name)));
    add.keySet().forEach(name -> FieldNames.check(name, problems.at("add").at(name)));
    for (int i = 0; i < remove.size(); i++) {
      FieldNames.check(remove.get(i), problems.at("remove").at(i));
    }
  }

  boolean none() {
    return set.isEmpty() && add.isEmpty() && remove.isEmpty();
  }

  void apply(Exchange exchange, MultiMap fields) {
    for (int i = 0; i < remove.size(); i++) {
      fields.remove(remove.get(i));
    }
    for (Map.Entry<String, FieldValue> entry : set.entrySet()) {
      fields.set(entry.getKey(), entry.getValue().render(exchange));
    }
    for (Map.Entry<String, FieldValue> entry : add.entrySet()) {
      fields.add(entry.getKey(), entry.getValue().render(exchange));
    }
  }
}
